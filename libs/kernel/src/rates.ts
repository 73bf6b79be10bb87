import { basisPoints, divideHalfUp, rials, type BasisPoints, type Money } from './money.js';
import { day, type Day } from './time.js';

/** A row of policy or law that holds from its day until the next row's. */
export type Dated = { readonly from: Day };

export type DatedRate = Dated & { readonly rate: BasisPoints };

/** The row in force on that day, or undefined before the first. The order of the rows does not matter. */
export const rateAt = <Row extends Dated>(rows: readonly Row[], on: Day): Row | undefined => {
  let found: Row | undefined;
  for (const row of rows) if (row.from <= on && (found === undefined || row.from >= found.from)) found = row;
  return found;
};

/** Value added tax: 9 % by the permanent law of 1400, 10 % by the budget law of 1403. A starting table; categories and later laws are data. */
export const vatRates: readonly DatedRate[] = [
  { from: day('2022-01-03'), rate: basisPoints(900) },
  { from: day('2024-03-20'), rate: basisPoints(1000) },
];

/** The tax on a net amount, rounded half up once. */
export const vatOn = (net: Money, rate: BasisPoints): Money => divideHalfUp(net * BigInt(rate), 10_000n) as Money;

/** Stamp duty on barat and safte: half per mille of the face (Direct Taxes Act art. 45 as amended in 1394). */
export const stampDutyRates: readonly DatedRate[] = [{ from: day('2016-03-20'), rate: basisPoints(5) }];

/** Part of a thousand rials counts as a thousand. */
export const stampDutyOn = (face: Money, rate: BasisPoints): Money => {
  if (face <= 0n) return rials(0);
  const thousands = (face + 999n) / 1000n;
  return divideHalfUp(thousands * 1000n * BigInt(rate), 10_000n) as Money;
};
