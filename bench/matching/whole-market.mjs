// Instances of one article whose answer must be whole: lots, minimums, fixed costs, all-or-none, minimum fills, few sellers and caps, in real cities.
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { seeded } from '../../libs/matching/dist/seeded.js';

const cash = { days: 0, base: 'invoice', instrument: 'cash' };
const barat90 = { days: 90, base: 'invoice', instrument: 'barat' };
let known;

/**
 * Answers a `MarketInstance`; the same arguments give the same one. Supply is 0.9 to 2.5 times the demand; capacities and quantities follow
 * Pareto's law. Seven offers in ten cost something to set up: 1 to 8 per cent of what they would sell out for. Where `stated`, a unit left
 * costs twice its list price, else as much as possible is matched first.
 */
export function wholeMarket({ lines, offers, seed, stated = true }) {
  const random = seeded(seed);
  const below = (limit) => Math.floor(random() * limit);
  const oneOf = (values) => values[below(values.length)];
  known ??= parse(readFileSync(new URL('../../data/iran-cities.csv', import.meta.url)), { columns: true }).map((row) => ({ latitude: Number(row.latitude), longitude: Number(row.longitude) }));
  const list = 1_000_000;
  const wanted = Array.from({ length: lines }, (_, i) => ({
    id: `line-${i}`, variantId: 'plain', quantity: Math.min(600, Math.ceil(8 / (1 - random()) ** 0.8)), shipTo: oneOf(known), neededBy: '2026-10-20', costOfFunds: 1_800 + 100 * below(12),
    fillPolicy: random() < 0.1 ? 'all-or-none' : 'partial',
    ...(random() < 0.3 ? { substitutes: ['ribbed'] } : {}),
    ...(random() < 0.15 ? { maximumSuppliers: 1 + below(2) } : {}), ...(random() < 0.15 ? { shareCap: 40 + 10 * below(5) } : {}),
    ...(stated ? { unmatchedPenalty: String(2 * list) } : {}),
  }));
  // From a sequence of its own, so that the rest of a seed's market stays as it was.
  const least = seeded(seed + 1_000_003);
  for (const line of wanted) if (line.fillPolicy === 'partial' && least() < 0.1) line.minimumFill = Math.ceil(line.quantity * (0.2 + 0.6 * least()));
  const demand = wanted.reduce((sum, { quantity }) => sum + quantity, 0);
  const plenty = 0.9 + 1.6 * random();
  const weights = Array.from({ length: offers }, () => 1 / (1 - random()) ** 0.6);
  const scale = (plenty * demand) / weights.reduce((sum, weight) => sum + weight, 0);
  const offered = weights.map((weight, j) => {
    const [capacity, price, lot] = [Math.max(12, Math.round(weight * scale)), Math.round(list * (0.75 + 0.4 * random())), oneOf([1, 1, 1, 5, 10, 12])];
    return {
      id: `offer-${j}`, sellerId: `seller-${below(Math.ceil(offers * 0.8))}`, variantId: random() < 0.15 ? 'ribbed' : 'plain', capacity, lot, minimum: oneOf([1, 1, 10, 24]),
      leadDays: 2 + below(12), from: '2026-08-01', until: '2026-12-20', grade: 'A', place: oneOf(known), weightGrams: 900,
      prices: [{ terms: cash, price: { amount: String(price), per: 1 }, validUntil: '2026-12-20' }, { terms: barat90, price: { amount: String(Math.round(price * (1.03 + 0.04 * random()))), per: 1 }, validUntil: '2026-12-20' }],
      ...(random() < 0.7 ? { fixedCost: String(Math.round(capacity * price * (0.01 + 0.07 * random()))) } : {}),
    };
  });
  return { asOf: '2026-08-23', tieBreak: `seed-${seed}`, lines: wanted, offers: offered };
}
