/** Units of trade by their UN/ECE Recommendation 20 code. */
export const units = {
  PR: { fa: 'جفت', en: 'pair' },
  H87: { fa: 'عدد', en: 'piece' },
  DZN: { fa: 'دوجین', en: 'dozen' },
  CT: { fa: 'کارتن', en: 'carton' },
  FTK: { fa: 'فوت مربع', en: 'square foot' },
} as const;

export type Unit = keyof typeof units;

export const isUnit = (text: string): text is Unit => Object.hasOwn(units, text);

/** A whole, safe, non-negative number of a unit. */
export type Quantity = { readonly amount: number; readonly unit: Unit };

export const quantity = (amount: number, unit: Unit): Quantity => {
  if (!Number.isSafeInteger(amount) || amount < 0) throw new RangeError(`A quantity is a whole number of units, got ${amount}`);
  return { amount, unit };
};

/** Throws when the units differ: what a carton holds is the product's to say, not arithmetic's. */
export const addQuantity = (a: Quantity, b: Quantity): Quantity => quantity(a.amount + sameUnit(a, b).amount, a.unit);

/** Throws when the units differ or less than nothing would be left. */
export const subtractQuantity = (a: Quantity, b: Quantity): Quantity => quantity(a.amount - sameUnit(a, b).amount, a.unit);

const sameUnit = (a: Quantity, b: Quantity): Quantity => {
  if (a.unit !== b.unit) throw new RangeError(`Cannot reckon ${a.unit} with ${b.unit}`);
  return b;
};
