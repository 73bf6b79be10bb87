import type { Price } from '@peyvand/contracts';
import { rials, vatOn, type BasisPoints, type Money } from '@peyvand/kernel';
import { amountAt, type AgreedLine } from './agreement.js';
import type { ReceiptLine } from './receipt.js';

/** One line as the seller invoiced it. */
export type InvoiceLine = { readonly lineId: string; readonly variantId: string; readonly quantity: number; readonly price: Price; readonly amount: Money; readonly vatRate: BasisPoints; readonly vat: Money };

export type Difference = { readonly lineId: string; readonly field: 'quantity' | 'price' | 'amount' | 'vat' | 'line'; readonly expected: string; readonly found: string };

/** How far each step may stray, in basis points of what is expected; each is independent. 0 is truly 0. */
export type Tolerance = { readonly quantity: number; readonly price: number; readonly amount: number; readonly vat: number };
export const exact: Tolerance = { quantity: 0, price: 0, amount: 0, vat: 0 };

type Measure = { readonly agreed: readonly AgreedLine[]; readonly receipt: readonly ReceiptLine[]; readonly vatRate: (lineId: string) => BasisPoints };

/**
 * Purchase order (price) ↔ receipt (accepted quantity) ↔ invoice, line by line. The amount is checked against the invoice's own
 * quantity and price, and the tax against its own amount, so that one wrong number is one difference and not three.
 */
export const threeWayMatch = (invoiced: readonly InvoiceLine[], { agreed, receipt, vatRate }: Measure, tolerance: Tolerance = exact): Difference[] => {
  const owed = receipt.filter((line) => line.accepted > 0);
  const missing = owed.filter((line) => !invoiced.some((found) => found.lineId === line.lineId));
  const differences = missing.map((line): Difference => ({ lineId: line.lineId, field: 'line', expected: String(line.accepted), found: 'none' }));
  const seen = new Set<string>();
  for (const line of invoiced) {
    const received = owed.find((found) => found.lineId === line.lineId);
    const order = agreed.find((found) => found.lineId === line.lineId);
    // "Not on the purchase order" or "nothing accepted" is absence of data, not a wrong number; a line told twice is one too many.
    if (received === undefined || order === undefined || seen.has(line.lineId)) {
      differences.push({ lineId: line.lineId, field: 'line', expected: 'none', found: String(line.quantity) });
      continue;
    }
    seen.add(line.lineId);
    differences.push(...lineDifferences(line, received.accepted, order.price, vatRate(line.lineId), tolerance));
  }
  return differences;
};

const lineDifferences = (line: InvoiceLine, accepted: number, price: Price, rate: BasisPoints, tolerance: Tolerance): Difference[] => {
  const amount = amountAt(line.quantity, line.price);
  const vat = vatOn(line.amount, rate);
  // Prices have different bases: cross-multiplied, nothing is rounded.
  const [expectedPrice, foundPrice] = [rials(price.amount) * BigInt(line.price.per), rials(line.price.amount) * BigInt(price.per)];
  const steps: [keyof Tolerance, bigint, bigint, string, string][] = [
    ['quantity', BigInt(accepted), BigInt(line.quantity), String(accepted), String(line.quantity)],
    ['price', expectedPrice, foundPrice, priceText(price), priceText(line.price)],
    ['amount', amount, line.amount, String(amount), String(line.amount)],
    ['vat', vat, line.vat, String(vat), String(line.vat)],
  ];
  return steps.flatMap(([field, expected, found, expectedText, foundText]) =>
    within(expected, found, tolerance[field]) ? [] : [{ lineId: line.lineId, field, expected: expectedText, found: foundText }]);
};

const within = (expected: bigint, found: bigint, tolerance: number): boolean => {
  const gap = expected > found ? expected - found : found - expected;
  return gap * 10_000n <= expected * BigInt(tolerance);
};

const priceText = ({ amount, per }: Price): string => (per === 1 ? amount : `${amount}/${per}`);
