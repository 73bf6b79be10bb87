import { describe, expect, it } from '@jest/globals';
import { isUuid, parseLegalId } from '@peyvand/kernel';
import { supplyForRetailFile } from './supply-for-retail-file.mjs';

const options = { from: '2026-03-21', until: '2026-12-20' };
const supply = supplyForRetailFile(options);
const products = supply.producers.flatMap(({ catalogues }) => catalogues.flatMap((body) => body.products));

describe('the supply side made for the month of order lines', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(supplyForRetailFile(options)).toEqual(supply);
    expect(supplyForRetailFile({ ...options, seed: 2 }).totals).not.toEqual(supply.totals);
  });

  it('names every article and store once, within the sizes the routes take', () => {
    expect(supply.stores).toHaveLength(1_259);
    expect(new Set(products.map(({ variants }) => variants[0].code.toUpperCase())).size).toBe(supply.totals.articles);
    expect(Math.max(...supply.codes.map(({ codes }) => codes.length))).toBeLessThanOrEqual(5_000);
    expect(Math.max(...supply.producers.flatMap(({ catalogues }) => catalogues.map((body) => body.products.length)))).toBeLessThanOrEqual(1_000);
  });

  it('lets two or three producers compete for every article, whose code names them all in one request', () => {
    const makersOf = new Map();
    for (const { id, catalogues } of supply.producers) {
      const own = catalogues.flatMap((body) => body.products);
      expect(new Set(own.map(({ variants }) => variants[0].code.toUpperCase())).size).toBe(own.length);
      for (const { variants: [{ id: variantId, code }] } of own) makersOf.set(code, [...(makersOf.get(code) ?? []), { maker: id, variantId }]);
    }
    expect([...new Set([...makersOf.values()].map((rivals) => rivals.length))].sort()).toEqual([2, 3]);
    const named = new Map();
    supply.codes.forEach(({ codes }, request) => {
      for (const { code, variantId } of codes) named.set(code, [...(named.get(code) ?? []), { request, variantId }]);
    });
    for (const [code, variants] of named) {
      expect(new Set(variants.map(({ request }) => request)).size).toBe(1);
      expect(variants.map(({ variantId }) => variantId).sort()).toEqual(makersOf.get(code).map(({ variantId }) => variantId).sort());
    }
    expect(named.size).toBe(makersOf.size);
  });

  it('has ids, national ids, prices and windows that the services accept', () => {
    expect(supply.producers.every(({ id, registration }) => isUuid(id) && parseLegalId(registration.nationalId).ok)).toBe(true);
    const offers = products.flatMap((product) => product.offers);
    expect(offers.every(({ id, capacity, minimum, prices }) => isUuid(id) && capacity >= minimum && prices.every(({ price }) => BigInt(price.amount) > 0n))).toBe(true);
  });

  it('offers about what is demanded, spread by Pareto’s law', () => {
    expect(supply.totals.demanded).toBe(544_070);
    expect(supply.totals.offered / supply.totals.demanded).toBeGreaterThan(1);
  });
});
