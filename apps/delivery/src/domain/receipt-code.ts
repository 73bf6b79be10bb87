import { accept, refuse, type Decision } from '@peyvand/kernel';

/** The one-time word between the driver's goods and the storekeeper: whoever holds it may count this one shipment. */
export type ReceiptCode = {
  readonly hash: string;
  /** Wrong tries since it was issued. */
  readonly attempts: number;
  /** Wall clock, milliseconds: people read a message in real time, however fast business days pass (tokens keep wall time). */
  readonly expiresAt: number;
};

/** Six digits are guessed in a million tries; five are allowed per code. */
export const mostAttempts = 5;

export const validForMs = 72 * 3_600_000;

export type CodeRefusal = 'receipt-code-not-sent' | 'receipt-code-locked' | 'receipt-code-expired' | 'receipt-code-wrong';

/** A locked or expired code stays so until a new one is asked for, even for the right digits. */
export const checkCode = (code: ReceiptCode | undefined, hash: string, wallNow: number): Decision<ReceiptCode, never, CodeRefusal> => {
  if (code === undefined) return refuse('receipt-code-not-sent');
  if (code.attempts >= mostAttempts) return refuse('receipt-code-locked');
  if (wallNow >= code.expiresAt) return refuse('receipt-code-expired');
  if (code.hash !== hash) return refuse('receipt-code-wrong', { attemptsLeft: mostAttempts - code.attempts });
  return accept(code);
};
