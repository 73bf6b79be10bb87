import { assertNever } from '@peyvand/kernel';
import { notCounted, type Dispute } from './dispute.js';
import type { InvoiceStatus } from './invoice.js';
import type { Shipment } from './shipment.js';

/** What must follow a delivery, and the party whose turn it is. */
export type PendingStep = {
  readonly step: 'count' | 'invoice' | 'correct-invoice' | 'approve-invoice' | 'settle-dispute';
  readonly awaited: string;
  readonly invoiceId?: string;
  readonly disputeId?: string;
};

export type Standing = {
  /** Units the storekeeper accepted; 0 also before the count. */
  readonly accepted: number;
  /** The invoice that was not replaced. */
  readonly invoice?: { readonly id: string; readonly status: InvoiceStatus };
  readonly dispute?: Dispute;
};

/** The step that is waited for at a shipment once its goods are there; undefined when nothing is. A dispute comes before everything it holds back. */
export const pendingStep = ({ status, buyerId, sellerId }: Shipment, { accepted, invoice, dispute }: Standing): PendingStep | undefined => {
  if (dispute?.status === 'open') {
    if (dispute.reason === notCounted) return { step: 'count', awaited: buyerId, disputeId: dispute.id };
    return { step: 'settle-dispute', awaited: dispute.raisedBy === buyerId ? sellerId : buyerId, disputeId: dispute.id };
  }
  if (status === 'arrived') return { step: 'count', awaited: buyerId };
  if (status !== 'received' || accepted === 0) return undefined;
  return invoice === undefined ? { step: 'invoice', awaited: sellerId } : ofInvoice(invoice, buyerId, sellerId);
};

const ofInvoice = ({ id, status }: { readonly id: string; readonly status: InvoiceStatus }, buyerId: string, sellerId: string): PendingStep | undefined => {
  switch (status) {
    case 'discrepant': return { step: 'correct-invoice', awaited: sellerId, invoiceId: id };
    case 'matched':
    case 'checked': return { step: 'approve-invoice', awaited: buyerId, invoiceId: id };
    case 'approved':
    case 'replaced': return undefined;
    default: return assertNever(status);
  }
};
