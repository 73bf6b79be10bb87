import { describe, expect, it } from '@jest/globals';

import { lostBandsOf } from './lost-band.js';
import { readInstance } from './read-instance.js';
import { aLine, anOffer, priced } from './sample-instance.js';
import { solveMarket } from './solve-market.js';

const bandAt = (price: number, line: Parameters<typeof aLine>[0] = { tellsLosers: true }, capacity = 1000) => {
  const instance = readInstance({ asOf: '2026-08-23', lines: [aLine(line)], offers: [anOffer({ id: 'won', sellerId: 'mill', capacity, ...priced(1_000_000) }), anOffer({ id: 'lost', ...priced(price) })] });
  const allocation = solveMarket(instance);
  const bands = lostBandsOf(instance, allocation);
  return { lost: bands.get('lost'), won: bands.get('won') };
};

describe('an offer that sold nothing', () => {
  it.each([[1_005_000, 'up-to-1'], [1_020_000, '1-to-3'], [1_080_000, '3-to-10'], [1_200_000, 'above-10']])('at %d beside 1,000,000 was %s per cent too dear', (price, band) => {
    expect(bandAt(price)).toEqual({ lost: band, won: undefined });
  });

  it('is told nothing where the buyer does not allow it, or where it was not allowed itself', () => {
    expect(bandAt(1_020_000, {}).lost).toBeUndefined();
    expect(bandAt(1_020_000, { tellsLosers: true, blockedSellers: ['workshop'] }).lost).toBeUndefined();
  });

  it('has not lost where it sold a part', () => {
    expect(bandAt(1_020_000, { tellsLosers: true }, 50).lost).toBeUndefined();
  });
});
