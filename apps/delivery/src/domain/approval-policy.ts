import { InvoiceApproved, type NewFact } from '@peyvand/contracts';
import { accept, dayOf, refuse, type Decision, type Instant, type Money } from '@peyvand/kernel';
import { headOf, type Invoice } from './invoice.js';

/**
 * The buyer's office's standing word: invoices that agree exactly with purchase order and receipt are approved up to a ceiling. Maker and
 * checker are two persons here too: one proposes the policy, another puts it in force; both stand behind every approval it gives.
 */
export type ApprovalPolicy = { readonly id: string; readonly buyerId: string; readonly upTo: Money; readonly proposedBy: string } & (
  | { readonly status: 'proposed' }
  | { readonly status: 'in-force'; readonly approvedBy: string }
  | { readonly status: 'ended' });

export type PolicyRefusal = 'policy-not-proposed' | 'same-person';

export const putInForce = (policy: ApprovalPolicy, subject: string): Decision<ApprovalPolicy, never, PolicyRefusal> => {
  if (policy.status !== 'proposed') return refuse('policy-not-proposed', { state: policy.status });
  return policy.proposedBy === subject ? refuse('same-person') : accept({ ...policy, status: 'in-force', approvedBy: subject });
};

export const endPolicy = ({ id, buyerId, upTo, proposedBy }: ApprovalPolicy): ApprovalPolicy => ({ id, buyerId, upTo, proposedBy, status: 'ended' });

/** Approves what the policy covers; refused is what people must look at. */
export const approveByPolicy = (invoice: Invoice, policy: ApprovalPolicy | undefined, disputed: boolean, now: Instant): Decision<Invoice, NewFact, 'by-hand'> => {
  if (policy?.status !== 'in-force' || policy.buyerId !== invoice.buyerId || invoice.status !== 'matched' || invoice.gross > policy.upTo || disputed) return refuse('by-hand');
  const approvedOn = dayOf(now);
  return accept({ ...invoice, status: 'approved', checkedBy: policy.proposedBy, approvedBy: policy.approvedBy, approvedOn }, InvoiceApproved.of({ ...headOf(invoice), approvedOn }));
};
