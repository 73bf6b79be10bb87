import { refuse, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { registerProducer, type Producer, type Registration } from '../domain/producer.js';
import { findPark } from '../store/park.store.js';
import { insertProducer } from '../store/producer.store.js';

export type RegisterRefusal = 'producer-faulty' | 'park-not-found' | 'producer-exists';

/** Registers a party that makes goods. It may list products and prepare offers at once; nobody hears of the offers before it is verified. */
export const register = async (tx: Tx, told: Registration): Promise<{ ok: true; producer: Producer } | Refused<RegisterRefusal>> => {
  const decision = registerProducer(told);
  if (!decision.ok) return decision;
  const { producer, particulars } = decision.state;
  if (producer.parkId !== undefined && (await findPark(tx, producer.parkId)) === undefined) return refuse('park-not-found');
  if (!(await insertProducer(tx, producer, particulars))) return refuse('producer-exists');
  await tx.publish(decision.events);
  return { ok: true, producer };
};
