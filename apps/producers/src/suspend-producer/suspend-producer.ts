import { refuse, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { Producer } from '../domain/producer.js';
import { settleStanding } from '../standing/settle-standing.js';
import { findProducer } from '../store/producer.store.js';

export type SuspendRefusal = 'producer-not-found' | 'producer-suspended-already' | 'producer-not-held';

type Outcome = Promise<{ ok: true; producer: Producer } | Refused<SuspendRefusal>>;

/** The operator's hold: no licence lifts it, only `reinstateProducer` does. */
export const suspendProducer = async (tx: Tx, id: string): Outcome => {
  const producer = await findProducer(tx, id, 'for update');
  if (producer === undefined) return refuse('producer-not-found');
  if (producer.blocked) return refuse('producer-suspended-already');
  return { ok: true, producer: await settleStanding(tx, { ...producer, blocked: true }) };
};

/** Ends the hold; what the producer is then, its licences say. */
export const reinstateProducer = async (tx: Tx, id: string): Outcome => {
  const producer = await findProducer(tx, id, 'for update');
  if (producer === undefined) return refuse('producer-not-found');
  if (!producer.blocked) return refuse('producer-not-held');
  return { ok: true, producer: await settleStanding(tx, { ...producer, blocked: false }) };
};
