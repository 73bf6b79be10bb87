import { dayOf, refuse, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { publishOffer, type Offer, type OfferRefusal, type OfferTerms } from '../domain/offer.js';
import { mayOffer } from '../domain/producer.js';
import { insertOffers } from '../store/offer.store.js';
import { findProducer } from '../store/producer.store.js';
import { findOwnVariant } from '../store/product.store.js';

export type PublishRefusal = OfferRefusal | 'producer-not-found' | 'variant-not-found' | 'offer-exists';
export type NewOffer = { readonly id: string; readonly variantId: string; readonly terms: OfferTerms };

/** Puts idle capacity on offer. Before the producer is verified the offer waits: it is stored, and told with the verification. */
export const publish = async (tx: Tx, producerId: string, { id, variantId, terms }: NewOffer): Promise<{ ok: true; offer: Offer } | Refused<PublishRefusal>> => {
  const producer = await findProducer(tx, producerId, 'for share');
  if (producer === undefined) return refuse('producer-not-found');
  const variant = await findOwnVariant(tx, producerId, variantId);
  if (variant === undefined) return refuse('variant-not-found');
  const decision = publishOffer({ ...variant, ...terms, id, producerId, place: producer.place, state: 'open', revision: 1, told: 0 }, mayOffer(producer), dayOf(tx.now));
  if (!decision.ok) return decision;
  if (!(await insertOffers(tx, producerId, [decision.state]))) return refuse('offer-exists');
  await tx.publish(decision.events);
  return { ok: true, offer: decision.state };
};
