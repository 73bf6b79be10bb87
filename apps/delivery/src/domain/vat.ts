import { basisPoints, rateAt, vatRates, type BasisPoints, type DatedRate, type Day } from '@peyvand/kernel';

/** Value added tax of a product: `standard` follows the dated table, `exempt` bears none. */
export type VatCategory = 'standard' | 'exempt';

/** A seller's standing with the tax office from a day on. Who is not registered may not charge the tax. `memoryId`: the six characters its tax ids begin with. */
export type TaxRegistration = { readonly from: Day; readonly registered: boolean; readonly memoryId?: string };

/** Sellers are taken as registered until a row says otherwise. */
export const isTaxRegistered = (registrations: readonly TaxRegistration[], on: Day): boolean => rateAt(registrations, on)?.registered !== false;

/** The fiscal memory in force on a day; where it was given only later, the first one given: an invoice that waited for it is sent with that. */
export const memoryIdOn = (registrations: readonly TaxRegistration[], on: Day): string | undefined => {
  const given = registrations.filter(({ memoryId }) => memoryId !== undefined);
  const [first] = [...given].sort((a, b) => (a.from < b.from ? -1 : 1));
  return (rateAt(given, on) ?? first)?.memoryId;
};

/** The rate a seller charges for a category on a day. */
export const vatRateOn = (
  category: VatCategory, registrations: readonly TaxRegistration[], on: Day, table: readonly DatedRate[] = vatRates,
): BasisPoints => {
  if (category === 'exempt' || !isTaxRegistered(registrations, on)) return basisPoints(0);
  const row = rateAt(table, on);
  if (row === undefined) throw new RangeError(`No VAT rate is known for ${on}`);
  return row.rate;
};
