import { dayOf, foldCode, newId, refuse } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { done, type Caller } from '@peyvand/platform';
import type { Agreement } from '../domain/agreement.js';
import { issueInvoice, withdrawInvoice, type StatedLine } from '../domain/invoice.js';
import type { Receipt } from '../domain/receipt.js';
import { vatRateOn, type VatCategory } from '../domain/vat.js';
import { invoiceView } from '../list-invoices/invoice-view.js';
import { waitForNextStep } from '../on-overdue/wait.js';
import { taxErrands } from '../send-to-tax/errand.js';
import { insertInvoice, lockInvoice, standingInvoices, updateInvoice } from '../store/invoice.store.js';
import { findAgreement } from '../store/match.store.js';
import { findReceipt } from '../store/receipt.store.js';
import { taxRegistrations, vatCategories } from '../store/reference.store.js';
import { findShipment } from '../store/shipment.store.js';
import { checkVersion } from '../version.js';

export type Paper = { readonly id?: string; readonly invoiceNumber: string; readonly lines?: readonly StatedLine[] };

/** The invoice of one received shipment, held against purchase order and receipt in the same transaction. */
export const issue = async (tx: Tx, caller: Caller, shipmentId: string, paper: Paper, graceDays: number, replaces?: string) => {
  const shipment = (await findShipment(tx, shipmentId))?.shipment;
  if (shipment === undefined) return refuse('shipment-not-found');
  if (shipment.sellerId !== caller.party) return refuse('not-yours-to-invoice');
  const [agreement, receipt] = [await findAgreement(tx, shipment.matchId), await findReceipt(tx, shipmentId)];
  if (receipt === undefined) return refuse('not-received-yet', { state: shipment.status });
  if (agreement === undefined) throw new Error(`Shipment ${shipmentId} has no match ${shipment.matchId}`);
  if (foldCode(paper.invoiceNumber) === '') return refuse('invoice-number-empty');

  const categories = await categoriesOf(tx, agreement, receipt);
  if (!categories.ok) return categories;
  const registrations = await taxRegistrations(tx, agreement.sellerId);
  const today = dayOf(tx.now);
  const vatRate = (variantId: string) => vatRateOn(categories.of.get(variantId) ?? 'standard', registrations, today);
  const statement = { by: caller.party, id: paper.id ?? newId(), invoiceNumber: paper.invoiceNumber, ...(paper.lines === undefined ? {} : { lines: paper.lines }), ...(replaces === undefined ? {} : { replaces }) };
  const decision = issueInvoice({ agreement, receipt, vatRate, standing: await standingInvoices(tx, shipmentId) }, statement, tx.now);
  if (!decision.ok) return decision;
  // Two at once, or a number that was used before in another spelling: the database knows.
  if (!(await insertInvoice(tx, decision.state))) return refuse('invoice-number-used');
  // The buyer's policy is not the seller's to see: the service looks it up by itself, at once. The tax system is told in its own time.
  const lookUp = decision.state.status === 'matched' ? [{ kind: 'delivery/approve-by-policy', key: decision.state.id, dueAt: tx.now }] : [];
  await tx.schedule([...lookUp, ...taxErrands([decision.state], tx.now)]);
  await waitForNextStep(tx, [shipmentId], graceDays);
  await tx.publish(decision.events);
  return done(invoiceView({ invoice: decision.state, version: 1 }));
};

/** A new invoice in place of one that disagreed, under the same number or another. */
export const replace = async (tx: Tx, caller: Caller, invoiceId: string, paper: Paper, graceDays: number) => {
  const stored = await lockInvoice(tx, invoiceId);
  if (stored === undefined) return refuse('invoice-not-found');
  checkVersion(caller, stored.version);
  const withdrawn = withdrawInvoice(stored.invoice, caller.party);
  if (!withdrawn.ok) return withdrawn;
  await updateInvoice(tx, { invoice: withdrawn.state, version: stored.version });
  // Looked at again: if it was never sent it need not be now.
  await tx.schedule(taxErrands([withdrawn.state], tx.now));
  return issue(tx, caller, stored.invoice.shipmentId, paper, graceDays, invoiceId);
};

/** The tax category of everything accepted; a product not heard of yet has none, and tax is never guessed. */
const categoriesOf = async (tx: Tx, agreement: Agreement, receipt: Receipt) => {
  const of: Map<string, VatCategory> = await vatCategories(tx, agreement.lines.map((line) => line.variantId));
  const unknown = receipt.lines.find((line) => line.accepted > 0 && !of.has(line.variantId));
  return unknown === undefined ? { ok: true as const, of } : refuse('tax-category-unknown', { variantId: unknown.variantId });
};
