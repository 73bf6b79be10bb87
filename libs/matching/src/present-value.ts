import { divideHalfUp, type Money } from '@peyvand/kernel';

const basisPointsInOne = 10_000n;

/**
 * What `amount` rials paid after `days` are worth today: amount / (1 + n·r/d), the rational discount, rounded half up.
 * `rate` is in basis points a year, `yearDays` the days of that year.
 */
export const presentValue = (amount: bigint, rate: number, days: number, yearDays = 365): Money => perUnit(amount, 1n, rate, days, yearDays) as Money;

/** The present value of one unit in thousandths of a rial, rounded half up once, for a price of `amount` rials per `per` units. */
export const presentValueOfUnit = (price: { readonly amount: bigint; readonly per: number }, rate: number, days: number, yearDays: number): bigint =>
  perUnit(price.amount * 1000n, BigInt(price.per), rate, days, yearDays);

/** The present value of `quantity` units in rials, rounded half up once. */
export const presentValueOf = (quantity: number, price: { readonly amount: bigint; readonly per: number }, rate: number, days: number, yearDays: number): bigint =>
  perUnit(price.amount * BigInt(quantity), BigInt(price.per), rate, days, yearDays);

const perUnit = (amount: bigint, per: bigint, rate: number, days: number, yearDays: number): bigint => {
  const year = basisPointsInOne * BigInt(yearDays);
  return divideHalfUp(amount * year, per * (year + BigInt(days) * BigInt(rate)));
};
