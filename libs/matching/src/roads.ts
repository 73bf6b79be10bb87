import type { GeoPoint } from '@peyvand/kernel';

import { roadKm } from './freight.js';
import type { Market, PreparedLine, PreparedOffer } from './prepare.js';

/** A table of this many distances is worth its memory (16 MB); beyond it each is reckoned where it is asked for. */
const tableSize = 4_000_000;

/** Road kilometres between a line and an offer; each pair of places is reckoned once, since many lines go to one place. */
export const roadFinder = (market: Market): ((line: PreparedLine, offer: PreparedOffer) => number) => {
  const numbers = new Map<string, number>();
  const numberOf = ({ latitude, longitude }: GeoPoint): number => {
    const key = `${latitude},${longitude}`;
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  };
  const to = new Map(market.lines.map((line) => [line, numberOf(line.line.shipTo)]));
  const from = new Map(market.offers.map((offer) => [offer, numberOf(offer.offer.place)]));
  const reckon = (line: PreparedLine, offer: PreparedOffer): number => roadKm(offer.offer.place, line.line.shipTo, market.policy);
  const size = numbers.size;
  if (size * size > tableSize) return reckon;
  const table = new Int32Array(size * size).fill(-1);
  return (line, offer) => {
    const cell = (to.get(line) ?? 0) * size + (from.get(offer) ?? 0);
    if (table[cell] < 0) table[cell] = reckon(line, offer);
    return table[cell];
  };
};
