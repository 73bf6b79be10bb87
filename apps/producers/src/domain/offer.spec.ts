import { describe, expect, it } from '@jest/globals';
import { day } from '@peyvand/kernel';
import fc from 'fast-check';
import { changeOffer, publishOffer, tell, withdrawOffer, type Offer } from './offer.js';

const today = day('2026-04-01');
const id = (n: number) => `01938000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const anOffer: Offer = {
  id: id(1), producerId: id(2), productId: id(3), variantId: id(4), market: 'shoes', unit: 'PR', capacity: 1_000, minimum: 10, lot: 5, leadDays: 7, from: day('2026-03-21'), until: day('2026-12-20'), grade: 'A',
  prices: [{ terms: { days: 0, base: 'invoice', instrument: 'cash' }, price: { amount: '3950000', per: 1 }, validUntil: day('2026-12-20') }],
  place: { placeId: id(5), city: 'هیدج', province: 'زنجان', latitude: 36, longitude: 49 }, state: 'open', revision: 1, told: 0,
};
const names = (events: readonly { contract: { name: string } }[]) => events.map(({ contract }) => contract.name);

describe('what the world hears of an offer', () => {
  it.each([
    ['published by a verified producer', () => publishOffer(anOffer, true, today), ['OfferPublished'], 1],
    ['published by an unverified one', () => publishOffer(anOffer, false, today), [], 0],
    ['changed after it was told', () => changeOffer({ ...anOffer, told: 1 }, { capacity: 500 }, true, today), ['OfferChanged'], 2],
    ['changed before it was told', () => changeOffer(anOffer, { capacity: 500 }, true, today), ['OfferPublished'], 2],
    ['changed while suspended', () => changeOffer({ ...anOffer, told: 1 }, { capacity: 500 }, false, today), [], 1],
    ['withdrawn after it was told', () => withdrawOffer({ ...anOffer, told: 1 }), ['OfferWithdrawn'], 2],
    ['withdrawn before it was told', () => withdrawOffer(anOffer), [], 0],
    ['reduced to nothing', () => changeOffer({ ...anOffer, told: 1 }, { capacity: 0, minimum: 0 }, true, today), ['OfferChanged'], 2],
  ])('%s', (_name, act, events, told) => {
    const decision = act();
    if (!decision.ok) throw new Error(decision.reason);
    expect([names(decision.events), decision.state.told]).toEqual([events, told]);
  });

  it('ends with the withdrawal', () => {
    const gone: Offer = { ...anOffer, state: 'withdrawn', told: 1 };
    expect(changeOffer(gone, { capacity: 1 }, true, today)).toMatchObject({ ok: false, reason: 'offer-withdrawn' });
    expect(withdrawOffer(gone)).toMatchObject({ ok: false, reason: 'offer-withdrawn' });
    expect(tell(gone, true).events).toEqual([]);
  });

  it('is never more than was said, never older, and nothing while the producer may not offer', () => {
    fc.assert(fc.property(fc.array(fc.record({ verified: fc.boolean(), capacity: fc.integer({ min: 10, max: 9_999 }), retell: fc.boolean() })), (steps) => {
      let offer = anOffer;
      let heard = 0;
      for (const { verified, capacity, retell } of steps) {
        const decision = retell ? tell(offer, verified) : changeOffer(offer, { capacity }, verified, today);
        if (!decision.ok) return false;
        if (!verified && decision.events.length > 0) return false;
        for (const event of decision.events) {
          const { revision } = event.data as { revision: number };
          if (revision <= heard) return false;
          heard = revision;
        }
        offer = decision.state;
        if (offer.told !== heard || offer.told > offer.revision) return false;
      }
      return tell(offer, true).state.told === offer.revision;
    }));
  });
});
