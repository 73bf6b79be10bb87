import type { NewFact } from '@peyvand/contracts';
import { dayOf, newId } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { approveByPolicy } from '../domain/approval-policy.js';
import { issueInvoice, type Invoice } from '../domain/invoice.js';
import { acceptedUnits, type Receipt } from '../domain/receipt.js';
import type { ReceivedShipment } from '../domain/shipment.js';
import { vatRateOn } from '../domain/vat.js';
import { taxErrands } from '../send-to-tax/errand.js';
import { disputed } from '../store/dispute.store.js';
import { insertInvoices } from '../store/invoice.store.js';
import { findAgreements } from '../store/match.store.js';
import { taxRegistrationsOf, vatCategories } from '../store/reference.store.js';
import { invoicingPrefixes, policiesInForce } from '../store/standing.store.js';

export type Received = { readonly shipment: ReceivedShipment; readonly receipt: Receipt };

/**
 * Invoices what was just counted for sellers who want that, and approves what the buyer's policy covers, with a statement each for the
 * whole batch. What cannot be invoiced without a look (a product whose tax is not known, a number that is taken) is left to people.
 * Answers the shipments whose invoice is approved.
 */
export const invoiceReceived = async (tx: Tx, received: readonly Received[]): Promise<ReadonlySet<string>> => {
  const prefixes = await invoicingPrefixes(tx, [...new Set(received.map(({ shipment }) => shipment.sellerId))]);
  const wanted = received.filter(({ shipment, receipt }) => prefixes.has(shipment.sellerId) && acceptedUnits(receipt) > 0);
  if (wanted.length === 0) return new Set();
  const agreements = await findAgreements(tx, [...new Set(wanted.map(({ shipment }) => shipment.matchId))]);
  const categories = await vatCategories(tx, [...new Set([...agreements.values()].flatMap(({ lines }) => lines.map(({ variantId }) => variantId)))]);
  const registrations = await taxRegistrationsOf(tx, [...prefixes.keys()]);
  const policies = await policiesInForce(tx, [...new Set(wanted.map(({ shipment }) => shipment.buyerId))]);
  const contested = await disputed(tx, wanted.map(({ shipment }) => shipment.id));
  const made: { invoice: Invoice; events: NewFact[] }[] = [];
  for (const { shipment, receipt } of wanted) {
    const agreement = agreements.get(shipment.matchId);
    if (agreement === undefined || receipt.lines.some(({ accepted, variantId }) => accepted > 0 && !categories.has(variantId))) continue;
    const vatRate = (variantId: string) => vatRateOn(categories.get(variantId) ?? 'standard', registrations.get(shipment.sellerId) ?? [], dayOf(tx.now));
    const issued = issueInvoice({ agreement, receipt, vatRate, standing: [] }, { by: shipment.sellerId, id: newId(), invoiceNumber: numberOf(prefixes.get(shipment.sellerId), shipment.id) }, tx.now);
    if (!issued.ok) continue;
    const approved = approveByPolicy(issued.state, policies.get(shipment.buyerId), contested.has(shipment.id), tx.now);
    made.push(approved.ok ? { invoice: approved.state, events: [...issued.events, ...approved.events] } : { invoice: issued.state, events: [...issued.events] });
  }
  const stored = await insertInvoices(tx, made.map(({ invoice }) => invoice));
  const issued = made.filter(({ invoice }) => stored.has(invoice.id));
  await tx.schedule(taxErrands(issued.map(({ invoice }) => invoice), tx.now));
  await tx.publish(issued.flatMap(({ events }) => events));
  return new Set(issued.flatMap(({ invoice }) => (invoice.status === 'approved' ? [invoice.shipmentId] : [])));
};

/** The random part of the shipment's id: nobody has to count, so buyers who receive at once never wait for each other. */
const numberOf = (prefix = '', shipmentId: string): string => `${prefix}-${shipmentId.slice(-12).toUpperCase()}`;
