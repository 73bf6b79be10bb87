import { appendFile } from 'node:fs/promises';
import type { Message, Sms } from './sms.js';

/** Appends each message as a line of JSON to a file that a gateway of the installation's own sends from; it tells repetitions by `key`. */
export const fileSms = (path: string): Sms => {
  const sendMany = (messages: readonly Message[]): Promise<void> => appendFile(path, messages.map(({ key, phone, text }) => `${JSON.stringify({ key, phone, text })}\n`).join(''), { mode: 0o600 });
  return { reaches: ({ phone }) => phone !== undefined, send: (message) => sendMany([message]), sendMany };
};
