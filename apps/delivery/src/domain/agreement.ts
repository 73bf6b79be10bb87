import type { DataOf, MatchMade, PaymentTerms, Place, Price } from '@peyvand/contracts';
import { day, priceOf, rials, sumOf, type Day, type Money } from '@peyvand/kernel';

/** What buyer and seller agreed on one line: the measure of every later shipment, receipt and invoice. */
export type AgreedLine = { readonly lineId: string; readonly variantId: string; readonly quantity: number; readonly unit: string; readonly price: Price };

/** A match as delivery knows it: its own copy of what orders said. */
export type Agreement = {
  readonly matchId: string;
  readonly orderId: string;
  readonly buyerId: string;
  readonly sellerId: string;
  readonly poNumber: string;
  readonly terms: PaymentTerms;
  readonly shipTo: Place;
  readonly promisedBy: Day;
  readonly lines: readonly AgreedLine[];
};

export const agreementOf = (match: DataOf<typeof MatchMade>): Agreement => ({
  matchId: match.matchId,
  orderId: match.orderId,
  buyerId: match.buyerId,
  sellerId: match.sellerId,
  poNumber: match.poNumber,
  terms: match.terms,
  shipTo: match.shipTo,
  promisedBy: day(match.promisedBy),
  lines: agreedLines(match.lines),
});

/**
 * One line per order line. Two offers of one seller may fill the same line at different prices: the goods come mixed, so the price
 * becomes the total amount per the total quantity, which is exact.
 */
const agreedLines = (lines: DataOf<typeof MatchMade>['lines']): AgreedLine[] => {
  const byLine = new Map<string, DataOf<typeof MatchMade>['lines']>();
  for (const line of lines) byLine.set(line.lineId, [...(byLine.get(line.lineId) ?? []), line]);
  return [...byLine.values()].flatMap((parts) => {
    const [first] = parts;
    if (first === undefined) return [];
    const quantity = parts.reduce((sum, part) => sum + part.quantity, 0);
    const samePrice = parts.every((part) => part.price.amount === first.price.amount && part.price.per === first.price.per);
    const price = samePrice ? first.price : { amount: String(sumOf(parts.map((part) => rials(part.amount)))), per: quantity };
    return [{ lineId: first.lineId, variantId: first.variantId, quantity, unit: first.unit, price }];
  });
};

/** quantity × price in rials, rounded half up once. */
export const amountAt = (quantity: number, price: Price): Money => priceOf(quantity, { amount: rials(price.amount), per: price.per });
