/** Rials, the legal unit, as a whole number. Bigint because 2^53 rials is only about 900 billion toman. */
export type Money = bigint & { readonly __brand: 'Money' };

/** Throws on anything but a whole number: a text must be digits only (BigInt would take '' for 0), a number must be safe. */
export const rials = (value: bigint | number | string): Money => {
  const whole = typeof value === 'string' ? /^-?\d+$/.test(value) : typeof value === 'bigint' || Number.isSafeInteger(value);
  if (!whole) throw new RangeError(`Not a whole number of rials: ${value}`);
  return BigInt(value) as Money;
};

export const sumOf = (amounts: Iterable<Money>): Money => {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum as Money;
};

/** numerator/denominator to the nearest whole, halves away from zero ("half up" of the trade). The denominator must be positive. */
export const divideHalfUp = (numerator: bigint, denominator: bigint): bigint => {
  if (denominator <= 0n) throw new RangeError(`divideHalfUp needs a positive denominator, got ${denominator}`);
  const twice = 2n * (numerator < 0n ? -numerator : numerator);
  const rounded = (twice + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
};

/** A price is an amount per stated base quantity ("1,250,000 rial per 12 pairs"), so no fraction of a rial is ever stored. */
export type Price = { readonly amount: Money; readonly per: number };

/** quantity × price, rounded half up once per line (design §4.8). */
export const priceOf = (quantity: number, price: Price): Money =>
  divideHalfUp(BigInt(quantity) * price.amount, BigInt(price.per)) as Money;

/**
 * What one offer, and so one match, may be worth at most: 10^17 rials, about all the money of the country (M2, 2026). Far enough below what a
 * bigint column holds (9.2 × 10^18) that taxes and sums fit too.
 */
export const mostTraded = 10n ** 17n;

/** Whether so many units at that price are worth no more than can be traded. `amount` is whole rials per `per` units. */
export const isTradable = (units: number, { amount, per }: { readonly amount: string | bigint; readonly per: number }): boolean => BigInt(units) * BigInt(amount) <= mostTraded * BigInt(per);

/** A rate in hundredths of a per cent: 23 % = 2300. Rates are never floats. */
export type BasisPoints = number & { readonly __brand: 'BasisPoints' };

export const basisPoints = (value: number): BasisPoints => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`A rate is a whole number of basis points, got ${value}`);
  return value as BasisPoints;
};
