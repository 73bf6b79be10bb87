import { setTimeout as sleep } from 'node:timers/promises';
import type { Source } from '@peyvand/messaging';
import { behaviour, putIntoOutbox } from '../store/sms-outbox.store.js';
import type { Message, Sms } from './sms.js';

const slowMs = 2_000;

/** A gateway whose messages are read in an outbox, and which fails, dawdles or sends twice when told to. It knows every place's phone. */
export const simulatedSms = (source: Source): Sms => new SimulatedSms(source);

class SimulatedSms implements Sms {
  constructor(private readonly source: Source) {}

  reaches(): boolean {
    return true;
  }

  send(message: Message): Promise<void> {
    return this.sendMany([message]);
  }

  async sendMany(messages: readonly Message[]): Promise<void> {
    const mode = await behaviour(this.source);
    if (mode === 'fail') throw new Error('The simulated SMS gateway was told to fail');
    if (mode === 'slow') await sleep(slowMs);
    await putIntoOutbox(this.source, messages, mode === 'twice' ? 2 : 1);
  }
}
