import { dayOf } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { tell } from '../domain/offer.js';
import { mayOffer, reassess, type Producer } from '../domain/producer.js';
import { licencesOf } from '../store/licence.store.js';
import { markTold, untoldOffers } from '../store/offer.store.js';
import { updateStanding } from '../store/producer.store.js';

/**
 * Reckons a producer's standing after anything that bears on it, stores and tells it. The caller holds the producer's row for update,
 * so an offer is either told by its own slice after the verification or here, never by both and never by none.
 */
export const settleStanding = async (tx: Tx, producer: Producer): Promise<Producer> => {
  const { state, events } = reassess(producer, await licencesOf(tx, producer.id), dayOf(tx.now));
  await updateStanding(tx, state);
  await tx.publish(events);
  if (mayOffer(state)) await tellWaiting(tx, state.id);
  return state;
};

const tellWaiting = async (tx: Tx, producerId: string): Promise<void> => {
  const waiting = await untoldOffers(tx, producerId);
  if (waiting.length === 0) return;
  await markTold(tx, waiting);
  await tx.publish(waiting.flatMap((offer) => tell(offer, true).events));
};
