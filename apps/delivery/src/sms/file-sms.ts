import { appendFile } from 'node:fs/promises';
import type { Message, Sms } from './sms.js';

/** Appends each message as a line of JSON to a file that a gateway of the installation's own sends from; it tells repetitions by `key`. */
export const fileSms = (path: string): Sms => ({
  reaches: ({ phone }) => phone !== undefined,
  send: ({ key, phone, text }: Message) => appendFile(path, `${JSON.stringify({ key, phone, text })}\n`, { mode: 0o600 }),
});
