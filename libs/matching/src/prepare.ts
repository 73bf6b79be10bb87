import { addDays, daysBetween, daysOfYear, endOfJalaliMonth, type Day } from '@peyvand/kernel';

import { defaultPolicy, type Grade, type MarketInstance, type MarketLine, type MarketOffer, type MatchingPolicy, type PaymentTerms } from './instance.js';
import { presentValueOfUnit } from './present-value.js';
import type { PreparedBreaks, Way } from './ways.js';

/** A line with everything that is looked at once per line, not once per pair. Days are counted from `asOf`. */
export type PreparedLine = {
  readonly line: MarketLine;
  readonly neededIn: number;
  readonly ceiling: bigint | undefined;
  readonly grade: number;
  readonly approved: ReadonlySet<string> | undefined;
  readonly refused: ReadonlySet<string>;
  /** Most units of the line that one seller may fill, those it holds included. */
  readonly mostOfSeller: number;
  /** Units by seller from before. */
  readonly held: ReadonlyMap<string, number>;
  /** At least so many units are matched, or none; 0 where any number will do. */
  readonly leastFill: number;
  /** Lines that value every quote alike (same rate, same wanted term) share this number. */
  readonly asking: number;
};

export type PreparedOffer = {
  readonly offer: MarketOffer;
  /** Days until the goods can leave; Infinity when the offer is not open or quotes no valid price. */
  readonly readyIn: number;
  readonly grade: number;
  /** The minimum, rounded up to whole lots. */
  readonly least: number;
  readonly quotes: readonly PreparedQuote[];
  /** Whether any quote has price breaks. */
  readonly tiered: boolean;
  readonly monthEnd: boolean;
  /** Thousandths of a rial for using the offer at all. */
  readonly fixed: bigint;
  /** Best quote by `asking` (and by day of arrival where month ends count). */
  readonly best: Map<number, BestQuote | undefined>;
  /** In the same way, the ways to buy where prices break. */
  readonly ways: Map<number, readonly Way[]>;
};

export type PreparedQuote = { readonly terms: PaymentTerms; readonly key: string; readonly price: { readonly amount: bigint; readonly per: number }; readonly breaks?: PreparedBreaks };

export type BestQuote = { readonly quote: number; readonly unit: bigint; readonly days: number };

export type Market = {
  readonly instance: MarketInstance;
  readonly policy: MatchingPolicy;
  readonly asOf: Day;
  readonly yearDays: number;
  readonly lines: readonly PreparedLine[];
  readonly offers: readonly PreparedOffer[];
  /** Open offers by variant. */
  readonly offersOf: ReadonlyMap<string, readonly number[]>;
};

const gradeRank: Readonly<Record<Grade, number>> = { A: 0, B: 1, C: 2 };
const anyTerms = '*';
export const termsKey = (terms: PaymentTerms): string => `${terms.days}/${terms.base}/${terms.instrument}`;

/** Reads the instance once and puts lines and offers into an order that no one can influence by arriving first. */
export const prepare = (instance: MarketInstance): Market => {
  const policy = { ...defaultPolicy, ...instance.policy };
  const asOf = instance.asOf as Day;
  const rank = rankOf(instance.tieBreak ?? '');
  const askings = new Map<string, number>();
  const lines = rank(instance.lines).map((line): PreparedLine => {
    const asked = `${line.costOfFunds}|${line.terms === undefined ? anyTerms : termsKey(line.terms)}`;
    const asking = askings.get(asked) ?? askings.size;
    askings.set(asked, asking);
    return {
      line, asking,
      neededIn: daysBetween(asOf, line.neededBy as Day),
      ceiling: line.priceCeiling === undefined ? undefined : BigInt(line.priceCeiling) * 1000n,
      grade: gradeRank[line.minimumGrade ?? 'C'],
      approved: line.approvedSellers === undefined || line.approvedSellers.length === 0 ? undefined : new Set(line.approvedSellers),
      mostOfSeller: line.shareCap === undefined ? Infinity : Math.floor(((line.quantity + sumOf(line.held)) * line.shareCap) / 100),
      held: line.held === undefined ? nothing : new Map(Object.entries(line.held)),
      leastFill: line.fillPolicy === 'all-or-none' ? line.quantity : (line.minimumFill ?? 1) > 1 ? (line.minimumFill ?? 0) : 0,
      refused: new Set([...(line.blockedSellers ?? []), ...(line.excludedSellers ?? [])]),
    };
  });
  const offers = rank(instance.offers).map((offer) => prepareOffer(offer, asOf));
  const offersOf = new Map<string, number[]>();
  offers.forEach(({ offer, readyIn }, index) => {
    if (readyIn === Infinity) return;
    const known = offersOf.get(offer.variantId);
    if (known === undefined) offersOf.set(offer.variantId, [index]);
    else known.push(index);
  });
  return { instance, policy, asOf, yearDays: daysOfYear(policy.yearDays, asOf), lines, offers, offersOf };
};

const nothing: ReadonlyMap<string, number> = new Map();
const sumOf = (held: Readonly<Record<string, number>> = {}): number => Object.values(held).reduce((sum, units) => sum + units, 0);

/** Units of the line that the seller may still be given. */
export const roomOfSeller = ({ mostOfSeller, held }: PreparedLine, seller: string): number =>
  mostOfSeller === Infinity ? Infinity : Math.max(0, mostOfSeller - (held.get(seller) ?? 0));

const prepareOffer = (offer: MarketOffer, asOf: Day): PreparedOffer => {
  const fixed = BigInt(offer.fixedCost ?? '0') * 1000n;
  const quotes = offer.prices.filter((quote) => quote.validUntil >= asOf)
    .map(({ terms, price, breaks }): PreparedQuote => ({
      terms, key: termsKey(terms), price: { amount: BigInt(price.amount), per: price.per },
      ...(breaks === undefined || breaks.steps.length === 0 ? {} : { breaks: { kind: breaks.kind, steps: breaks.steps.map(({ from, amount }) => ({ from, amount: BigInt(amount) })) } }),
    }));
  const start = Math.max(0, daysBetween(asOf, offer.from as Day));
  const open = quotes.length > 0 && start <= daysBetween(asOf, offer.until as Day);
  return {
    offer, quotes,
    readyIn: open ? start + offer.leadDays : Infinity,
    grade: gradeRank[offer.grade],
    least: Math.ceil(Math.max(offer.minimum, 1) / offer.lot) * offer.lot,
    monthEnd: quotes.some(({ terms }) => terms.base === 'month-end'),
    fixed,
    tiered: quotes.some(({ breaks }) => breaks !== undefined),
    best: new Map(),
    ways: new Map(),
  };
};

/** The quote of least present value among those the line allows, for goods that arrive in `arriveIn` days; undefined when none has the wanted term. */
export const bestQuote = (market: Market, line: PreparedLine, offer: PreparedOffer, arriveIn: number): BestQuote | undefined => {
  const key = offer.monthEnd ? line.asking * 10_000 + arriveIn : line.asking;
  if (offer.best.has(key)) return offer.best.get(key);
  const wanted = line.line.terms === undefined ? undefined : termsKey(line.line.terms);
  let best: BestQuote | undefined;
  offer.quotes.forEach((quote, index) => {
    if (wanted !== undefined && quote.key !== wanted) return;
    const days = daysToPay(quote.terms, market.asOf, arriveIn);
    const unit = presentValueOfUnit(quote.price, line.line.costOfFunds, days, market.yearDays);
    if (best === undefined || unit < best.unit) best = { quote: index, unit, days };
  });
  offer.best.set(key, best);
  return best;
};

/** Days between the goods and the money; a month's end is that of the Jalali month in which the goods arrive. */
export const daysToPay = (terms: PaymentTerms, asOf: Day, arriveIn: number): number => {
  if (terms.base !== 'month-end') return terms.days;
  const arrives = addDays(asOf, arriveIn);
  return daysBetween(arrives, endOfJalaliMonth(arrives)) + terms.days;
};

const rankOf = (tieBreak: string) => <T extends { readonly id: string }>(rows: readonly T[]): T[] =>
  rows.map((row) => ({ row, hash: hash53(`${tieBreak}|${row.id}`) }))
    .sort((a, b) => a.hash - b.hash || (a.row.id < b.row.id ? -1 : 1))
    .map(({ row }) => row);

/** A well mixed 53-bit hash of a text (cyrb53); not for secrets. */
const hash53 = (text: string): number => {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
};
