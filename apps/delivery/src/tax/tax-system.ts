import type { Price } from '@peyvand/contracts';
import type { Day } from '@peyvand/kernel';
import type { TaxAnswer } from '../domain/tax-document.js';

/**
 * An invoice, or what came back of one, as the tax system is told of it. Parties are ours: whoever carries it on knows their economic numbers.
 * `taxId` is made here before the call and is its idempotency key there: the same id twice is one document.
 */
export type TaxInvoice = {
  readonly taxId: string;
  readonly subject: 'original' | 'corrective' | 'return';
  /** The tax id of the document that this one corrects or returns from. */
  readonly refersTo?: string;
  readonly invoiceNumber: string;
  readonly issuedOn: Day;
  readonly sellerId: string;
  readonly buyerId: string;
  readonly lines: readonly TaxLine[];
  readonly goods: string;
  readonly vat: string;
  readonly gross: string;
};
/** Amounts in rials; `vatRate` in basis points. */
export type TaxLine = { readonly variantId: string; readonly gtin?: string; readonly quantity: number; readonly price: Price; readonly amount: string; readonly vatRate: number; readonly vat: string };

export type BuyersReaction = { readonly taxId: string; readonly reaction: 'confirmed' | 'rejected'; readonly reason?: string };

/** The tax office's system of taxpayers (سامانهٔ مؤدیان), seen from here. Throws when it could not be reached: the caller asks again with the same ids. */
export abstract class TaxSystem {
  /** False where none is configured: sellers report by their own means, and nothing is sent from here. */
  readonly connected: boolean = true;
  /** Hands documents over; answers what it says at once, in any order, and nothing of those it thinks about. */
  abstract sendMany(invoices: readonly TaxInvoice[]): Promise<readonly TaxAnswer[]>;
  /** What it has said since, in its order; it may repeat itself and may speak of documents that are not ours. */
  abstract news(): Promise<readonly TaxAnswer[]>;
  /** Passes the buyer's word on; the same word twice is one. */
  abstract react(reaction: BuyersReaction): Promise<void>;
}
