import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aWorld, onAccount, type World } from '../../test/world.js';

let world: World;
let variants: string[];
beforeAll(async () => {
  world = await aWorld();
  variants = [world.variantId, await world.list(), await world.list()];
  await world.refer('ANY', ...variants);
});
afterAll(() => world.close());

// Few prices, so that many ways cost the same.
const price = fc.integer({ min: 40, max: 44 }).map((n) => n * 100_000);

it('costs the buyer no more than any one producer would, however many fill the line', async () => {
  const rival = fc.record({ variant: fc.nat(2), price, capacity: fc.integer({ min: 1, max: 200 }) });
  let shared = 0;
  await fc.assert(fc.asyncProperty(fc.array(rival, { minLength: 2, maxLength: 5 }), fc.integer({ min: 1, max: 200 }), async (rivals, quantity) => {
    for (const { variant, price: amount, capacity } of rivals) {
      await world.offer({ variantId: variants[variant], capacity, prices: [{ terms: onAccount, price: { amount: String(amount), per: 1 }, validUntil: '2026-12-20' }] });
    }
    const { matches, lines: [line] } = await world.read(await world.submit([{ code: 'ANY', quantity }]));
    expect(line.matched).toBe(Math.min(quantity, rivals.reduce((sum, { capacity }) => sum + capacity, 0)));
    // All send from one place on one term, so what differs is the price.
    const paid = matches.reduce((sum: number, { amount }: { amount: string }) => sum + Number(amount), 0);
    for (const { price: amount, capacity } of rivals) if (capacity >= quantity) expect(paid).toBeLessThanOrEqual(amount * quantity);
    if (new Set(matches.map(({ sellerId }: { sellerId: string }) => sellerId)).size > 1) shared += 1;
    await world.app.sql('update offers set withdrawn = true');
  }), { numRuns: 15 });
  expect(shared).toBeGreaterThan(0);
});
