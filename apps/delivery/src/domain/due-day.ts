import type { PaymentTerms } from '@peyvand/contracts';
import { addDays, assertNever, endOfJalaliMonth, type Day } from '@peyvand/kernel';

/** The day the debt falls due. Month end is that of the Jalali month of the invoice, as Iranian trade reckons. */
export const dueDay = (terms: PaymentTerms, invoicedOn: Day, receivedOn: Day): Day => addDays(baseDay(terms.base, invoicedOn, receivedOn), terms.days);

const baseDay = (base: PaymentTerms['base'], invoicedOn: Day, receivedOn: Day): Day => {
  switch (base) {
    case 'invoice': return invoicedOn;
    case 'receipt': return receivedOn;
    case 'month-end': return endOfJalaliMonth(invoicedOn);
    default: return assertNever(base);
  }
};
