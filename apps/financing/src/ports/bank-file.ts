import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Bank, type AccountAnswer, type PaymentAnswer, type PaymentOrder } from './bank.js';

/**
 * Banks by file: orders are appended to `payments.csv` for the treasury to upload, and answers are read from `statement.csv`
 * (payment id, done | refused, reference or reason), matched by payment id. An order without an answer yet is pending: people upload files, so that takes hours.
 */
export class BankFile extends Bank {
  private readonly written = new Set<string>();

  constructor(private readonly folder: string) {
    super();
  }

  pay(order: PaymentOrder): Promise<PaymentAnswer> {
    return this.exchange('pay', order);
  }

  collect(order: PaymentOrder): Promise<PaymentAnswer> {
    return this.exchange('collect', order);
  }

  /** A statement cannot tell whose an account is: the treasury vouches with a line `<sheba>,verified,<party id>`. */
  async verifyAccount(sheba: string, partyId: string): Promise<AccountAnswer> {
    const answer = (await this.statement()).find(([key]) => key === sheba);
    if (answer === undefined) return { verified: 'pending' };
    return answer[1] === 'verified' && answer[2] === partyId ? { verified: true } : { verified: false, reason: 'not-vouched-for' };
  }

  private async exchange(purpose: 'pay' | 'collect', order: PaymentOrder): Promise<PaymentAnswer> {
    const line = (await this.statement()).find(([paymentId]) => paymentId === order.paymentId);
    if (line?.[1] === 'done') return { outcome: 'done', bankRef: line[2] ?? '' };
    if (line?.[1] === 'refused') return { outcome: 'refused', reason: line[2] ?? 'refused' };
    await this.ask(purpose, order);
    return { outcome: 'pending' };
  }

  /** An order asked before, by this process or one before it, is not written again. */
  private async ask(purpose: string, { paymentId, fromSheba, toSheba, amount }: PaymentOrder): Promise<void> {
    if (this.written.has(paymentId)) return;
    await mkdir(this.folder, { recursive: true });
    const file = join(this.folder, 'payments.csv');
    const before = await readFile(file, 'utf8').catch(() => '');
    if (!before.includes(paymentId)) await appendFile(file, `${paymentId},${purpose},${fromSheba},${toSheba},${amount}\n`);
    this.written.add(paymentId);
  }

  private async statement(): Promise<string[][]> {
    const text = await readFile(join(this.folder, 'statement.csv'), 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line.trim() !== '').map((line) => line.split(',').map((cell) => cell.trim()));
  }
}
