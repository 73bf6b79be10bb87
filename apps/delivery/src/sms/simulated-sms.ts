import { setTimeout as sleep } from 'node:timers/promises';
import type { Source } from '@peyvand/messaging';
import { behaviour, putIntoOutbox } from '../store/sms-outbox.store.js';
import type { Message, Sms } from './sms.js';

const slowMs = 2_000;

/** A gateway whose messages are read in an outbox, and which fails, dawdles or sends twice when told to. It knows every place's phone. */
export const simulatedSms = (source: Source): Sms => ({
  reaches: () => true,
  send: async (message: Message) => {
    const mode = await behaviour(source);
    if (mode === 'fail') throw new Error('The simulated SMS gateway was told to fail');
    if (mode === 'slow') await sleep(slowMs);
    await putIntoOutbox(source, message, mode === 'twice' ? 2 : 1);
  },
});
