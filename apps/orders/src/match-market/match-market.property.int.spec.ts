import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OfferChanged, OfferWithdrawn } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import fc from 'fast-check';
import { aWorld, onAccount, type Offer, type World } from '../../test/world.js';

let world: World;
/** Variants that do for one another, as the codes below say. */
let variants: string[];
beforeAll(async () => {
  world = await aWorld();
  variants = [world.variantId, await world.list(), await world.list()];
  const [first, second, third] = variants as [string, string, string];
  await world.refer('ANY', first, second, third);
  await world.refer('LAST', third, second);
});
afterAll(() => world.close());

type Step =
  | { do: 'offer'; variant: number; price: number; capacity: number; minimum: number; lot: number }
  | { do: 'shrink'; which: number; capacity: number }
  | { do: 'withdraw'; which: number }
  | { do: 'submit'; code: string; quantities: number[]; fillPolicy: string }
  | { do: 'answer'; which: number; answer: 'accept' | 'decline' | 'change'; keep: number }
  | { do: 'cancel'; which: number }
  | { do: 'settle' };

const which = fc.nat(30);
const code = fc.constantFrom('NRV-1', 'ANY', 'ANY', 'LAST');
// Few prices, so that many ways cost the same.
const price = fc.integer({ min: 40, max: 44 }).map((n) => n * 100_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('offer' as const), variant: fc.nat(2), price, capacity: fc.integer({ min: 1, max: 200 }), minimum: fc.integer({ min: 1, max: 30 }), lot: fc.constantFrom(1, 1, 5, 12) }),
  fc.record({ do: fc.constant('shrink' as const), which, capacity: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ do: fc.constant('withdraw' as const), which }),
  fc.record({ do: fc.constant('submit' as const), code, quantities: fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 3 }), fillPolicy: fc.constantFrom('partial', 'all-or-none', 'back-order') }),
  fc.record({ do: fc.constant('submit' as const), code, quantities: fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 3 }), fillPolicy: fc.constantFrom('partial', 'back-order') }),
  fc.record({ do: fc.constant('answer' as const), which, answer: fc.constantFrom('accept' as const, 'decline' as const, 'change' as const), keep: fc.nat(100) }),
  fc.record({ do: fc.constant('cancel' as const), which }),
  fc.constant({ do: 'settle' as const }),
);

const pick = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(1, all.length)];

/** Steps do not wait for each other, so rounds, answers and cancellations really cross. */
const take = async (steps: readonly Step[]): Promise<void> => {
  const { app, buyer } = world;
  const offers: Offer[] = [];
  const orders: string[] = [];
  for (const one of steps) {
    switch (one.do) {
      case 'offer': {
        const prices = [{ terms: onAccount, price: { amount: String(one.price), per: 1 }, validUntil: '2026-12-20' }];
        offers.push(await world.offer({ variantId: pick(variants, one.variant) ?? '', prices, capacity: one.capacity, minimum: one.minimum, lot: one.lot }));
        break;
      }
      case 'shrink': {
        const offer = pick(offers, one.which);
        if (offer === undefined) break;
        const changed = { ...offer, capacity: one.capacity, revision: offer.revision + 1 };
        offers[offers.indexOf(offer)] = changed;
        await app.deliver(OfferChanged.of(changed));
        break;
      }
      case 'withdraw': {
        const offer = pick(offers, one.which);
        if (offer !== undefined) await app.deliver(OfferWithdrawn.of({ offerId: offer.offerId, producerId: offer.producerId, revision: offer.revision + 50 }));
        break;
      }
      case 'submit': {
        const lines = one.quantities.map((quantity) => ({ code: one.code, quantity, shipTo: 'DC-01', neededBy: '2026-06-01', fillPolicy: one.fillPolicy }));
        orders.push((await buyer.post('/api/orders', { poNumber: newId(), lines })).body.orderId);
        break;
      }
      case 'answer': {
        const [match] = await app.sql(`select match_id, seller_id, lines from matches where state = 'issued' order by md5(match_id::text || $1) limit 1`, [one.which]);
        if (match === undefined) break;
        const lines = match['lines'].map((line: { lineId: string; quantity: number }) => ({ lineId: line.lineId, quantity: Math.min(one.keep, line.quantity) }));
        await world.producer(match['seller_id']).post(`/api/orders/matches/${match['match_id']}/answer`, one.answer === 'change' ? { answer: 'change', lines } : { answer: one.answer });
        if (one.answer === 'change') await buyer.post(`/api/orders/matches/${match['match_id']}/change-answer`, { answer: one.keep % 3 === 0 ? 'refuse' : 'accept' });
        break;
      }
      case 'cancel': {
        const orderId = pick(orders, one.which);
        if (orderId !== undefined) await buyer.post(`/api/orders/${orderId}/cancel`, { reason: 'random' });
        break;
      }
      case 'settle': await app.settle(); break;
    }
  }
  await app.settle();
};

it('never oversells and never loses a unit, whatever crosses', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 30 }), async (steps) => {
    await take(steps);
    const { app } = world;
    // Of the units demanded each is matched, waiting, unmatched or cancelled; the matches and the offers agree on the matched ones.
    expect(await app.sql(`
      with held as (select (x->>'lineId')::uuid as line_id, (x->>'offerId')::uuid as offer_id, (x->>'quantity')::int as quantity from matches m, jsonb_array_elements(m.lines) x where m.state <> 'released')
      select 'line' as what, l.line_id as id, l.matched::bigint as here, coalesce(h.units, 0)::bigint as there from lines l left join (select line_id, sum(quantity) as units from held group by 1) h using (line_id)
        where l.matched <> coalesce(h.units, 0) or l.quantity <> l.matched + l.waiting + l.unmatched + l.cancelled
      union all
      select 'offer', o.offer_id, o.committed, coalesce(h.units, 0) from offers o left join (select offer_id, sum(quantity) as units from held group by 1) h using (offer_id)
        where o.committed <> coalesce(h.units, 0) or o.committed > o.ceiling
      union all
      select 'not queued', l.line_id, l.waiting, 0 from lines l left join queue q using (line_id) where l.waiting > 0 and q.line_id is null
      union all
      select 'not what was asked for', m.match_id, 0, 0 from matches m, jsonb_array_elements(m.lines) x join offers o on o.offer_id = (x->>'offerId')::uuid join lines l on l.line_id = (x->>'lineId')::uuid
        where o.variant_id <> (x->>'variantId')::uuid or o.variant_id <> all (l.variant_id || l.substitutes)
      union all
      select 'two variants of a line', m.match_id, count(distinct x->>'variantId'), 1 from matches m, jsonb_array_elements(m.lines) x group by m.match_id, x->>'lineId' having count(distinct x->>'variantId') > 1
      union all
      select 'revived', o.order_id, 0, 0 from orders o where o.cancelled_at is not null
        and (o.status = 'open' or exists (select from matches m where m.order_id = o.order_id and m.state <> 'released') or exists (select from lines l where l.order_id = o.order_id and l.waiting > 0))
      union all
      select 'queued in vain', q.line_id, 0, 0 from queue q join lines l using (line_id) where l.waiting = 0 or q.ready`)).toEqual([]);
    expect(await app.parked()).toEqual([]);
    // The next run begins without leftovers that could be sold.
    await app.sql('update offers set withdrawn = true');
    await app.sql(`update lines set cancelled = cancelled + waiting, waiting = 0 where waiting > 0`);
    await app.sql('delete from queue');
  }), { numRuns: 25, interruptAfterTimeLimit: 45_000, markInterruptAsFailure: false });
});
