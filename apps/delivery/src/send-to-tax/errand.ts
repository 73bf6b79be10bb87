import type { Instant } from '@peyvand/kernel';
import type { Deadline } from '@peyvand/messaging';
import type { TaxDocument } from '../domain/tax-document.js';

export const sendToTax = 'delivery/tax';
export type ToBeSent = { readonly sellerId: string; readonly of: 'invoice' | 'return' };

/** Has these told to the tax system once the transaction stands. Asked again, a document that was sent is not sent anew. */
export const taxErrands = (documents: readonly { readonly id: string; readonly sellerId: string }[], now: Instant, of: ToBeSent['of'] = 'invoice'): Deadline[] =>
  documents.map(({ id, sellerId }) => ({ kind: sendToTax, key: id, dueAt: now, data: { sellerId, of } satisfies ToBeSent }));

/** What was held back is looked at again. */
export const goOn = (held: readonly TaxDocument[], now: Instant): Deadline[] => held.flatMap((document) => taxErrands([document], now, document.subject === 'return' ? 'return' : 'invoice'));
