import { basisPoints, rateAt, vatRates, type BasisPoints, type DatedRate, type Day } from '@peyvand/kernel';

/** Value added tax of a product: `standard` follows the dated table, `exempt` bears none. */
export type VatCategory = 'standard' | 'exempt';

/** A seller's standing with the tax office from a day on. Who is not registered may not charge the tax. */
export type TaxRegistration = { readonly from: Day; readonly registered: boolean };

/** The rate a seller charges for a category on a day. Sellers are taken as registered until a row says otherwise. */
export const vatRateOn = (
  category: VatCategory, registrations: readonly TaxRegistration[], on: Day, table: readonly DatedRate[] = vatRates,
): BasisPoints => {
  if (category === 'exempt' || rateAt(registrations, on)?.registered === false) return basisPoints(0);
  const row = rateAt(table, on);
  if (row === undefined) throw new RangeError(`No VAT rate is known for ${on}`);
  return row.rate;
};
