import { day, rials } from '@peyvand/kernel';
import { CivilDay, Rials, Text, Uuid } from '@peyvand/platform';
import { fingerprintOf } from '../domain/receivable.js';

/** An invoice as it stands on paper, for somebody who does not know its id here. */
export class InvoiceBody {
  @Uuid() sellerId: string;
  @Uuid() buyerId: string;
  @Text({ max: 60, description: 'As it stands on the invoice; ي and ی, dashes and spaces make no difference' }) invoiceNumber: string;
  @Rials({ min: '1', description: 'Gross amount' }) amount: string;
  @CivilDay() issuedOn: string;
}

export const fingerprintOfBody = ({ sellerId, buyerId, invoiceNumber, amount, issuedOn }: InvoiceBody): string =>
  fingerprintOf({ seller: sellerId, buyer: buyerId, number: invoiceNumber, amount: rials(amount), issuedOn: day(issuedOn) });
