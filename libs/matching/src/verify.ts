import { priceOf, type Money } from '@peyvand/kernel';

import type { Allocation, Certificate, LineMatch } from './allocation.js';
import type { MarketInstance, MarketLine } from './instance.js';
import { cheapestWay, pairOf, weighed, weighedAt, wholeLots, type Pair } from './pair.js';
import { prepare, roomOfSeller, termsKey, type Market, type PreparedLine, type PreparedOffer, type PreparedQuote } from './prepare.js';
import { priceAt } from './ways.js';

/**
 * Checks a result without trusting the solver: every match is allowed and whole, nothing is oversold, every unit is accounted for, the stated
 * objective is what the matches cost, and the dual prices bound it from below. Answers the faults found; none means the result stands.
 * Where the bound from the dual prices equals the objective, optimality is proven; with lots, minimums and least fills it may lie below.
 */
export const verifyAllocation = (instance: MarketInstance, allocation: Allocation): string[] => {
  const market = prepare(instance);
  const lines = new Map(market.lines.map((line) => [line.line.id, line]));
  const offers = new Map(market.offers.map((offer) => [offer.offer.id, offer]));
  const faults: string[] = [];
  const matchedOf = new Map<string, number>();
  const takenOf = new Map<string, number>();
  let objective = 0n;
  for (const match of allocation.matches) {
    const [line, offer] = [lines.get(match.lineId), offers.get(match.offerId)];
    const where = `line ${match.lineId} with offer ${match.offerId}`;
    if (line === undefined || offer === undefined) {
      faults.push(`${where}: unknown`);
      continue;
    }
    faults.push(...faultsOfMatch(market, line, offer, match.quantity).map((fault) => `${where}: ${fault}`));
    add(matchedOf, match.lineId, match.quantity);
    add(takenOf, match.offerId, match.quantity);
    if (match.sellerId !== offer.offer.sellerId) faults.push(`${where}: another seller`);
    const pair = pairOf(market, line, offer);
    if (!Number.isSafeInteger(match.quantity)) continue;
    objective += weighedAt(pair, match.quantity) ?? 0n;
    if (!offer.quotes.some((quote) => isPrice(match, quote))) faults.push(`${where}: no quote asks this price`);
  }
  for (const { offer, fixed } of market.offers) if (takenOf.has(offer.id)) objective += fixed;
  for (const { offer } of market.offers) if ((takenOf.get(offer.id) ?? 0) > offer.capacity) faults.push(`offer ${offer.id}: oversold`);
  const restOf = new Map(allocation.unmatched.map(({ lineId, quantity }) => [lineId, quantity]));
  for (const { line } of market.lines) {
    const matched = matchedOf.get(line.id) ?? 0;
    if (matched + (restOf.get(line.id) ?? 0) !== line.quantity) faults.push(`line ${line.id}: matched and unmatched do not add up to its quantity`);
    if (matched > 0 && matched < leastFill(line)) faults.push(`line ${line.id}: filled in part`);
    const dual = allocation.certificate.lines[line.id];
    if (dual !== undefined) objective += BigInt(dual.penalty) * BigInt(line.quantity - matched);
  }
  faults.push(...faultsOfSellers(market, allocation));
  if (String(objective) !== allocation.certificate.objective) faults.push('certificate: the objective is not what the matches cost');
  return faults.length > 0 ? faults : faultsOfBound(market, allocation);
};

/**
 * The bound that the dual prices prove: Σ demand × worth + Σ of offers min(0, fixed cost − capacity × rent + Σ arc limit × min(0, cost + rent − worth)),
 * where units of small producers count `bonus` less. Where a line has a floor, its worth may lie above its penalty, less that difference for every
 * unit that it may leave. An offer that would not pay for its setting up at these prices is not used in the bound.
 */
export const dualBound = (market: Market, certificate: Certificate, bonus: bigint, floors: Readonly<Record<string, number>> = {}): bigint => {
  let bound = 0n;
  const rentOf = (offer: PreparedOffer): bigint => BigInt(certificate.offers[offer.offer.id] ?? '0');
  const lossOf = new Map(market.offers.map((offer) => [offer, offer.fixed - BigInt(wholeLots(offer.offer.capacity, offer.offer.lot)) * rentOf(offer)]));
  for (const line of market.lines) {
    const dual = certificate.lines[line.line.id];
    if (dual === undefined) continue;
    const pairs = allowedPairs(market, line);
    const most = mostFilled(line, pairs);
    const [floor, penalty] = [floors[line.line.id], BigInt(dual.penalty)];
    const worth = floor === undefined ? minimum(BigInt(dual.worth), penalty) : BigInt(dual.worth);
    if (floor !== undefined && worth > penalty) bound -= (worth - penalty) * BigInt(most - floor);
    bound += BigInt(most) * worth + BigInt(line.line.quantity - most) * BigInt(dual.penalty);
    for (const { pair, offer } of pairs) {
      const saving = minimum(0n, weighed(pair) - (offer.offer.small === true ? bonus : 0n) + rentOf(offer) - worth);
      if (saving < 0n) lossOf.set(offer, (lossOf.get(offer) ?? 0n) + BigInt(pair.most) * saving);
    }
  }
  for (const loss of lossOf.values()) bound += minimum(0n, loss);
  return bound;
};

/** No choice of so many sellers as the line may have, in whole lots, fills more of it. */
const mostFilled = (prepared: PreparedLine, pairs: readonly { pair: Pair; offer: PreparedOffer }[]): number => {
  const { line, held } = prepared;
  const room = new Map<string, number>();
  for (const { pair, offer } of pairs) add(room, offer.offer.sellerId, pair.most);
  const roomsOf = (before: boolean): number[] => [...room].filter(([seller]) => held.has(seller) === before).map(([seller, units]) => Math.min(units, roomOfSeller(prepared, seller))).sort((a, b) => b - a);
  const fresh = roomsOf(false).slice(0, line.maximumSuppliers === undefined ? undefined : Math.max(0, line.maximumSuppliers - held.size));
  const rooms = [...roomsOf(true), ...fresh];
  const common = pairs.reduce((lot, { offer }) => gcd(lot, offer.offer.lot), 0);
  const most = Math.min(line.quantity, rooms.reduce((sum, units) => sum + units, 0));
  return common === 0 ? most : wholeLots(most, common);
};

const faultsOfBound = (market: Market, allocation: Allocation): string[] => {
  const { certificate, quality } = allocation;
  const faults: string[] = [];
  for (const [id, rent] of Object.entries(certificate.offers)) if (BigInt(rent) < 0n) faults.push(`certificate: offer ${id} has a negative rent`);
  const bonus = BigInt(allocation.fairness?.bonus ?? '0');
  const small = smallUnits(market, allocation);
  const [stated, objective] = [BigInt(certificate.bound), BigInt(certificate.objective)];
  const proven = dualBound(market, certificate, bonus, allocation.fairness?.floors) + bonus * BigInt(small);
  if (proven !== BigInt(certificate.proven)) faults.push('certificate: the dual prices do not prove what is said');
  if (stated < proven) faults.push('certificate: the bound lies below what the dual prices prove');
  if (proven > objective) faults.push('certificate: the bound lies above the objective');
  if (continuous(market) && proven !== objective) faults.push('certificate: the dual prices do not prove the result optimal');
  if (quality.optimal !== (stated === objective)) faults.push('quality: does not agree with the bound');
  for (const { line } of market.lines) {
    const penalty = certificate.lines[line.id]?.penalty;
    if (line.unmatchedPenalty !== undefined && penalty !== undefined && BigInt(penalty) !== BigInt(line.unmatchedPenalty) * 1000n) faults.push(`certificate: line ${line.id} has another penalty`);
  }
  return [...faults, ...faultsOfFairness(market, allocation, small)];
};

/** The share of small units is what is said, and costs no more above the least cost than the policy tolerates. */
const faultsOfFairness = (market: Market, allocation: Allocation, small: number): string[] => {
  const { certificate, fairness, matches } = allocation;
  const { fairness: rule } = market.policy;
  if (fairness === undefined || rule === undefined) return (fairness === undefined) === (rule === undefined) ? [] : ['fairness: is stated where there is no rule, or the reverse'];
  const faults: string[] = [];
  const matched = matches.reduce((sum, { quantity }) => sum + quantity, 0);
  if (fairness.small !== small || fairness.matched !== matched) faults.push('fairness: the units are not those of the matches');
  if (fairness.reached !== small * 100 >= rule.floorShare * matched) faults.push('fairness: the share is not as stated');
  if (fairness.floors !== undefined && rule.maxMinFill !== true) faults.push('fairness: states floors where there is no rule');
  const units = new Map<string, number>();
  for (const { lineId, quantity } of matches) add(units, lineId, quantity);
  for (const [id, floor] of Object.entries(fairness.floors ?? {})) if ((units.get(id) ?? 0) < floor) faults.push(`fairness: line ${id} has less than its floor`);
  const left = allocation.unmatched.reduce((sum, { lineId, quantity }) => sum + BigInt(certificate.lines[lineId]?.penalty ?? '0') * BigInt(quantity), 0n);
  const [cost, least] = [BigInt(certificate.objective), dualBound(market, fairness.least, 0n)];
  if ((fairness.bonus !== '0' || fairness.floors !== undefined) && continuous(market) && (cost - least) * 10_000n > (cost - left) * BigInt(rule.tolerance)) faults.push('fairness: costs more than the tolerance');
  return faults;
};

const smallUnits = (market: Market, { matches }: Allocation): number => {
  const small = new Set(market.offers.flatMap(({ offer }) => (offer.small === true ? [offer.id] : [])));
  return matches.reduce((sum, { offerId, quantity }) => (small.has(offerId) ? sum + quantity : sum), 0);
};

/** Whether dual prices alone can prove an optimum: nothing must be whole. */
const continuous = (market: Market): boolean =>
  market.lines.every(({ line }) => leastFill(line) <= 1 && line.maximumSuppliers === undefined && line.shareCap === undefined)
  && market.offers.every(({ least, fixed, tiered }) => least === 1 && fixed === 0n && !tiered);

const faultsOfSellers = (market: Market, { matches }: Allocation): string[] => {
  const unitsOf = new Map<string, Map<string, number>>();
  for (const { lineId, sellerId, quantity } of matches) {
    const sums = unitsOf.get(lineId) ?? new Map<string, number>();
    add(sums, sellerId, quantity);
    unitsOf.set(lineId, sums);
  }
  return market.lines.flatMap((prepared) => {
    const { line, held } = prepared;
    const sums = unitsOf.get(line.id) ?? new Map<string, number>();
    const fresh = [...sums.keys()].filter((seller) => !held.has(seller)).length;
    const faults = fresh > Math.max(0, (line.maximumSuppliers ?? Infinity) - held.size) ? [`line ${line.id}: too many sellers`] : [];
    return [...faults, ...[...sums].filter(([seller, units]) => units > roomOfSeller(prepared, seller)).map(([seller]) => `line ${line.id}: too much of seller ${seller}`)];
  });
};

const faultsOfMatch = (market: Market, line: PreparedLine, offer: PreparedOffer, quantity: number): string[] => {
  if (!Number.isSafeInteger(quantity) || quantity <= 0) return ['the quantity is not a positive whole number'];
  if (offer.readyIn === Infinity) return ['the offer is not open'];
  if (![line.line.variantId, ...(line.line.substitutes ?? [])].includes(offer.offer.variantId)) return ['another variant'];
  const faults: string[] = [...pairOf(market, line, offer).obstacles];
  if (quantity % offer.offer.lot !== 0) faults.push('not whole lots');
  if (quantity < offer.least) faults.push('below the minimum');
  const { ways } = pairOf(market, line, offer);
  if (ways !== undefined && cheapestWay(ways, quantity) === undefined) faults.push('above the ceiling at this quantity');
  return faults;
};

const allowedPairs = (market: Market, line: PreparedLine): { pair: Pair; offer: PreparedOffer }[] =>
  [...new Set([line.line.variantId, ...(line.line.substitutes ?? [])].flatMap((variant) => market.offersOf.get(variant) ?? []))]
    .map((j) => ({ offer: market.offers[j], pair: pairOf(market, line, market.offers[j]) }))
    .filter(({ pair }) => pair.obstacles.length === 0);

/** Whether the quote asks what the match says, for its quantity. */
const isPrice = ({ quantity, terms, price, amount }: LineMatch, quote: PreparedQuote): boolean => {
  const asked = priceAt(quote, quantity);
  return quote.key === termsKey(terms) && String(asked.amount) === price.amount && asked.per === price.per && String(priceOf(quantity, { amount: asked.amount as Money, per: asked.per })) === amount;
};

const leastFill = ({ fillPolicy, quantity, minimumFill = 0 }: MarketLine): number => (fillPolicy === 'all-or-none' ? quantity : minimumFill);

const minimum = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
const add = (sums: Map<string, number>, key: string, amount: number): void => {
  sums.set(key, (sums.get(key) ?? 0) + amount);
};
