import { dayOf, refuse, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { changeOffer, withdrawOffer, type Offer, type OfferRefusal, type OfferTerms } from '../domain/offer.js';
import { mayOffer } from '../domain/producer.js';
import { findOffer, updateOffer } from '../store/offer.store.js';
import { findProducer } from '../store/producer.store.js';

export type ChangeRefusal = OfferRefusal | 'offer-not-found';

type Outcome = Promise<{ ok: true; offer: Offer } | Refused<ChangeRefusal>>;

/** New terms for an offer. Less than what is committed is allowed: it stops new matches and voids none (design §4.3). */
export const change = (tx: Tx, producerId: string, offerId: string, terms: Partial<OfferTerms>, seen?: number): Outcome =>
  decide(tx, producerId, offerId, (offer, verified) => changeOffer(offer, terms, verified, dayOf(tx.now), seen));

/** Nothing more can be matched from the offer; existing matches stand. */
export const withdraw = (tx: Tx, producerId: string, offerId: string): Outcome => decide(tx, producerId, offerId, withdrawOffer);

const decide = async (tx: Tx, producerId: string, offerId: string, rule: (offer: Offer, verified: boolean) => ReturnType<typeof changeOffer>): Outcome => {
  const producer = await findProducer(tx, producerId, 'for share');
  const offer = await findOffer(tx, offerId, producerId);
  if (producer === undefined || offer === undefined) return refuse('offer-not-found');
  const decision = rule(offer, mayOffer(producer));
  if (!decision.ok) return decision;
  if (!(await updateOffer(tx, decision.state, offer.revision))) return refuse('offer-changed-meanwhile');
  await tx.publish(decision.events);
  return { ok: true, offer: decision.state };
};
