import { addDays, divideHalfUp, priceOf, type Money } from '@peyvand/kernel';

import type { Allocation, Certificate, LineMatch, Quality, RunnerUp, UnmatchedLine } from './allocation.js';
import { explainRest } from './explain.js';
import { solveFairly } from './fair.js';
import type { MarketInstance } from './instance.js';
import { networksOf, penaltyAt } from './network.js';
import { cheapestWay, pairOf, weighed, weighedAt, type Pair } from './pair.js';
import { prepare, type BestQuote, type Market } from './prepare.js';
import { presentValueOf } from './present-value.js';
import { checkInstance } from './read-instance.js';
import type { Part } from './search.js';
import { priceAt } from './ways.js';

/**
 * Allocates lines to offers at least present value of landed cost under capacity, exactly or with a stated gap, with a reason for every line.
 * Throws InstanceFaults when the instance is malformed; "no match" is a result, never an error.
 */
export const solveMarket = (instance: MarketInstance): Allocation => {
  checkInstance(instance);
  const market = prepare(instance);
  const { networks, arcs } = networksOf(market);
  const { parts, fairness } = solveFairly(market, networks);
  const free = Float64Array.from(market.offers, ({ offer }) => offer.capacity);
  const rest = Float64Array.from(market.lines, ({ line }) => line.quantity);
  for (const part of parts) book(part, free, rest);
  const matches = parts.flatMap((part) => matchesOf(market, part, free)).sort(byLine);
  const given = givenOf(matches);
  const unmatched = market.lines.flatMap((line, i): UnmatchedLine[] => (rest[i] > 0 ? [explainRest(market, line, rest[i], free, together(line.held, given.get(line.line.id)))] : [])).sort(byLine);
  const certificate = certificateOf(market, parts);
  return {
    matches, unmatched,
    quality: qualityOf(parts, certificate),
    cost: costOf(market, matches, rest),
    certificate,
    ...(fairness === undefined ? {} : { fairness: { ...fairness.report, least: certificateOf(market, fairness.least) } }),
    work: { components: parts.length, arcs, nodes: parts.reduce((sum, { nodes }) => sum + nodes, 0) },
  };
};

const book = ({ network, quantity }: Part, free: Float64Array, rest: Float64Array): void => {
  for (let i = 0; i < network.lineIndex.length; i += 1)
    for (let a = network.first[i]; a < network.first[i + 1]; a += 1) {
      free[network.offerIndex[network.offerOf[a]]] -= quantity[a];
      rest[network.lineIndex[i]] -= quantity[a];
    }
};

/** Units by line and seller. */
const givenOf = (matches: readonly LineMatch[]): Map<string, Map<string, number>> => {
  const given = new Map<string, Map<string, number>>();
  for (const { lineId, sellerId, quantity } of matches) {
    const known = given.get(lineId) ?? new Map<string, number>();
    given.set(lineId, known.set(sellerId, (known.get(sellerId) ?? 0) + quantity));
  }
  return given;
};

const together = (held: ReadonlyMap<string, number>, given: ReadonlyMap<string, number> = new Map()): Map<string, number> =>
  new Map([...held, ...[...given].map(([seller, units]) => [seller, units + (held.get(seller) ?? 0)] as const)]);

const matchesOf = (market: Market, part: Part, free: Float64Array): LineMatch[] => {
  const { network, quantity } = part;
  const made: LineMatch[] = [];
  for (let i = 0; i < network.lineIndex.length; i += 1) {
    const next = nextBest(market, part, i, free);
    for (let a = network.first[i]; a < network.first[i + 1]; a += 1) if (quantity[a] > 0) made.push(matchOf(market, part, i, a, next));
  }
  return made;
};

/** The cheapest arc of the line that it does not use and whose offer still had room. */
const nextBest = (market: Market, { network, quantity }: Part, line: number, free: Float64Array): number | undefined => {
  let next: number | undefined;
  for (let a = network.first[line]; a < network.first[line + 1]; a += 1) {
    const j = network.offerIndex[network.offerOf[a]];
    if (quantity[a] === 0 && !usesOffer(network, quantity, line, a) && free[j] >= (network.least?.[a] ?? market.offers[j].least) && (next === undefined || network.cost[a] < network.cost[next])) next = a;
  }
  return next;
};

/** Another way to an offer that the line uses is no other offer. */
const usesOffer = ({ first, offerOf, least }: Part['network'], quantity: Float64Array, line: number, arc: number): boolean => {
  if (least !== undefined) for (let a = first[line]; a < first[line + 1]; a += 1) if (quantity[a] > 0 && offerOf[a] === offerOf[arc]) return true;
  return false;
};

const matchOf = (market: Market, { network, quantity }: Part, i: number, arc: number, next: number | undefined): LineMatch => {
  const line = market.lines[network.lineIndex[i]];
  const offerAt = (a: number) => market.offers[network.offerIndex[network.offerOf[a]]];
  const chosen = offerAt(arc);
  const pair = pairOf(market, line, chosen);
  const { best, km, freight, arriveIn, premium } = pair;
  if (best === undefined) throw new Error(`Arc without a price: line ${line.line.id}, offer ${chosen.offer.id}`);
  const units = quantity[arc];
  const bought = boughtAt(pair, units, best);
  const quote = chosen.quotes[bought.quote];
  const [{ terms }, price] = [quote, priceAt(quote, units)];
  const value = presentValueOf(units, price, line.line.costOfFunds, bought.days, market.yearDays);
  const carriage = divideHalfUp(BigInt(units) * BigInt(freight), 1000n);
  const second = next === undefined ? undefined : { offer: offerAt(next), pair: pairOf(market, line, offerAt(next)) };
  const runnerUp: RunnerUp | undefined = second === undefined ? undefined : {
    offerId: second.offer.offer.id, sellerId: second.offer.offer.sellerId, variantId: second.offer.offer.variantId, landed: unitRials(boughtAt(second.pair, units).unit + BigInt(second.pair.freight)), difference: unitRials(averageAt(second.pair, units) - averageAt(pair, units)),
  };
  return {
    lineId: line.line.id, offerId: chosen.offer.id, sellerId: chosen.offer.sellerId, variantId: chosen.offer.variantId, quantity: units,
    terms, price: { amount: String(price.amount), per: price.per },
    amount: String(priceOf(units, { amount: price.amount as Money, per: price.per })),
    presentValue: String(value), freight: String(carriage), landed: String(value + carriage),
    perUnit: { presentValue: unitRials(bought.unit), freight: unitRials(BigInt(freight)), landed: unitRials(bought.unit + BigInt(freight)), ...(premium === 0n ? {} : { premium: unitRials(premium) }) },
    readyOn: addDays(market.asOf, chosen.readyIn), arrivesOn: addDays(market.asOf, arriveIn), distanceKm: km,
    ...(runnerUp === undefined ? {} : { runnerUp }),
  };
};

/** The quote that so many units of a pair are bought at, and what each costs on average at present value. */
const boughtAt = ({ best, ways }: Pair, units: number, plain: BestQuote | undefined = best): BestQuote => {
  const way = ways === undefined ? undefined : (cheapestWay(ways, units) ?? ways[0]);
  if (way !== undefined) return { quote: way.quote, days: way.days, unit: way.unit + divideHalfUp(way.entry, BigInt(units)) };
  if (plain === undefined) throw new Error('A pair that is allowed has a price');
  return plain;
};

/** What offers are compared by, for each of so many units. */
const averageAt = (pair: Pair, units: number): bigint => divideHalfUp(weighedAt(pair, units) ?? weighed(pair) * BigInt(units), BigInt(units));

/** Thousandths of a rial as decimal rials, without trailing zeros. */
const unitRials = (milli: bigint): string => {
  const digits = String(milli < 0n ? -milli : milli).padStart(4, '0');
  const decimals = digits.slice(-3).replace(/0+$/, '');
  return `${milli < 0n ? '-' : ''}${digits.slice(0, -3)}${decimals === '' ? '' : `.${decimals}`}`;
};

const certificateOf = (market: Market, parts: readonly Part[]): Certificate => {
  const lines: Record<string, { worth: string; penalty: string }> = {};
  const offers: Record<string, string> = {};
  for (const { network, worth, rent } of parts) {
    network.lineIndex.forEach((index, i) => {
      lines[market.lines[index].line.id] = { worth: String(worth[i]), penalty: String(penaltyAt(network, i)) };
    });
    network.offerIndex.forEach((index, j) => {
      offers[market.offers[index].offer.id] = String(rent[j]);
    });
  }
  const sum = (of: (part: Part) => bigint): string => String(parts.reduce((total, part) => total + of(part), 0n));
  return { scale: 1000, lines, offers, bound: sum(({ bound }) => bound), proven: sum(({ proven }) => proven), objective: sum(({ objective }) => objective) };
};

const qualityOf = (parts: readonly Part[], { bound, objective }: Certificate): Quality => {
  if (parts.every((part) => part.bound === part.objective)) return { optimal: true };
  const gap = BigInt(objective) - BigInt(bound);
  return { optimal: false, gap: { rials: String((gap + 999n) / 1000n), ratio: Number(gap) / Number(objective) } };
};

const costOf = (market: Market, matches: readonly LineMatch[], rest: Float64Array): Allocation['cost'] => {
  const used = new Set(matches.map(({ offerId }) => offerId));
  const setUp = market.offers.reduce((total, { offer, fixed }) => (used.has(offer.id) ? total + fixed / 1000n : total), 0n);
  const sum = (of: (match: LineMatch) => string): string => String(matches.reduce((total, match) => total + BigInt(of(match)), 0n));
  return { presentValue: sum((m) => m.presentValue), freight: sum((m) => m.freight), landed: sum((m) => m.landed), unmatchedUnits: rest.reduce((a, b) => a + b, 0), ...(setUp === 0n ? {} : { setUp: String(setUp) }) };
};

const byLine = (a: { lineId: string; offerId?: string }, b: { lineId: string; offerId?: string }): number => compare(a.lineId, b.lineId) || compare(a.offerId ?? '', b.offerId ?? '');
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
