import type { Breaks } from './instance.js';
import { daysToPay, termsKey, type Market, type PreparedLine, type PreparedOffer, type PreparedQuote } from './prepare.js';
import { presentValueOfUnit } from './present-value.js';

/**
 * One way to buy from an offer with price breaks, in thousandths of a rial at present value: `entry` once and `unit` for each, from `from` units on.
 * What a quantity costs is the least over the ways it may take: a break for all units is a way of its own without entry, and the falling
 * prices of incremental breaks are the least of straight lines.
 */
export type Way = { readonly quote: number; readonly days: number; readonly unit: bigint; readonly entry: bigint; readonly from: number };

/** The ways of an offer for a line's terms and cost of funds; known ones are looked up, as lines that value quotes alike share them. */
export const waysOf = (market: Market, line: PreparedLine, offer: PreparedOffer, arriveIn: number): readonly Way[] => {
  const key = offer.monthEnd ? line.asking * 10_000 + arriveIn : line.asking;
  const known = offer.ways.get(key);
  if (known !== undefined) return known;
  const wanted = line.line.terms === undefined ? undefined : termsKey(line.line.terms);
  const ways = offer.quotes.flatMap((quote, index): Way[] => {
    if (wanted !== undefined && quote.key !== wanted) return [];
    const days = daysToPay(quote.terms, market.asOf, arriveIn);
    const unitOf = (amount: bigint): bigint => presentValueOfUnit({ amount, per: quote.price.per }, line.line.costOfFunds, days, market.yearDays);
    const { kind, steps } = quote.breaks ?? { kind: 'all-units', steps: [] };
    const all = [{ from: 1, unit: unitOf(quote.price.amount) }, ...steps.map(({ from, amount }) => ({ from, unit: unitOf(amount) }))];
    let entry = 0n;
    return all.map(({ from, unit }, n): Way => {
      // The line through the curve's piece: what the units before the step cost more than at its price.
      if (kind === 'incremental' && n > 0) entry += (all[n - 1].unit - unit) * BigInt(from - 1);
      return { quote: index, days, unit, entry, from: kind === 'all-units' ? from : 1 };
    });
  });
  offer.ways.set(key, ways);
  return ways;
};

/** What the quote asks for so many units of one line, nominal: rials per `per` units, exact. */
export const priceAt = ({ price, breaks }: PreparedQuote, units: number): { readonly amount: bigint; readonly per: number } => {
  if (breaks === undefined) return price;
  const reached = breaks.steps.filter(({ from }) => from <= units);
  if (breaks.kind === 'all-units') return { amount: reached.at(-1)?.amount ?? price.amount, per: price.per };
  if (reached.length === 0) return price;
  let [sum, amount, from] = [0n, price.amount, 1];
  for (const step of reached) {
    sum += amount * BigInt(step.from - from);
    [amount, from] = [step.amount, step.from];
  }
  return { amount: sum + amount * BigInt(units - from + 1), per: price.per * units };
};

export type PreparedBreaks = { readonly kind: Breaks['kind']; readonly steps: readonly { readonly from: number; readonly amount: bigint }[] };
