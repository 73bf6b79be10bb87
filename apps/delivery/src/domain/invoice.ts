import { DiscrepancyFound, InvoiceApproved, InvoiceIssued, InvoiceMatched, type NewFact, type PaymentTerms, type Price } from '@peyvand/contracts';
import { accept, basisPoints, dayOf, mostTraded, refuse, sumOf, vatOn, type BasisPoints, type Day, type Decision, type Instant, type Money } from '@peyvand/kernel';
import { amountAt, type AgreedLine, type Agreement } from './agreement.js';
import { dueDay } from './due-day.js';
import { acceptedUnits, type Receipt } from './receipt.js';
import { threeWayMatch, type Difference, type InvoiceLine } from './three-way-match.js';

type Paper = {
  readonly id: string; readonly orderId: string; readonly matchId: string; readonly shipmentId: string; readonly buyerId: string; readonly sellerId: string; readonly poNumber: string;
  readonly invoiceNumber: string;
  readonly lines: readonly InvoiceLine[];
  readonly goods: Money;
  readonly vat: Money;
  /** goods + vat: what the receivable will be. */
  readonly gross: Money;
  readonly issuedOn: Day;
  readonly terms: PaymentTerms;
  readonly dueOn: Day;
  /** The invoice this one stands in for. */
  readonly replaces?: string;
};

/** discrepant → replaced by another; matched → checked (maker) → approved (checker). Approval is final: the debt is certain. */
export type Invoice = Paper & (
  | { readonly status: 'matched' }
  | { readonly status: 'discrepant'; readonly differences: readonly Difference[] }
  | { readonly status: 'checked'; readonly checkedBy: string }
  | { readonly status: 'approved'; readonly checkedBy: string; readonly approvedBy: string; readonly approvedOn: Day }
  | { readonly status: 'replaced' });
export type InvoiceStatus = Invoice['status'];

/** What the seller wrote on a line; what it left out is filled in from the purchase order, the receipt and the tax table. */
export type StatedLine = { readonly lineId: string; readonly quantity?: number; readonly price?: Price; readonly amount?: Money; readonly vat?: Money };

export type Basis = {
  readonly agreement: Agreement;
  readonly receipt: Receipt;
  readonly vatRate: (variantId: string) => BasisPoints;
  /** Invoices of this shipment that still stand. */
  readonly standing: readonly { readonly status: InvoiceStatus }[];
};
export type Statement = { readonly by: string; readonly id: string; readonly invoiceNumber: string; readonly lines?: readonly StatedLine[]; readonly replaces?: string };
export type IssueRefusal = 'not-yours-to-invoice' | 'nothing-accepted' | 'already-invoiced' | 'line-unknown' | 'line-twice' | 'worth-too-much';

/** Issues the invoice of one received shipment and holds it against purchase order and receipt at once. */
export const issueInvoice = ({ agreement, receipt, vatRate, standing }: Basis, statement: Statement, now: Instant): Decision<Invoice, NewFact, IssueRefusal> => {
  if (statement.by !== agreement.sellerId) return refuse('not-yours-to-invoice');
  if (acceptedUnits(receipt) === 0) return refuse('nothing-accepted');
  if (standing.length > 0) return refuse('already-invoiced');
  const stated = statement.lines ?? receipt.lines.filter((line) => line.accepted > 0).map(({ lineId }) => ({ lineId }));
  if (new Set(stated.map((line) => line.lineId)).size < stated.length) return refuse('line-twice');
  const stranger = stated.find((line) => !agreement.lines.some((agreed) => agreed.lineId === line.lineId));
  if (stranger !== undefined) return refuse('line-unknown', { lineId: stranger.lineId });

  const lines = agreement.lines.flatMap((agreed) => {
    const line = stated.find((found) => found.lineId === agreed.lineId);
    return line === undefined ? [] : [invoiceLine(line, agreed, receipt, vatRate(agreed.variantId))];
  });
  const paper = paperOf(agreement, receipt, statement, lines, dayOf(now));
  // The tax on all that can be traded still fits.
  if (paper.gross > 2n * mostTraded) return refuse('worth-too-much');
  const rates = new Map(agreement.lines.map((line) => [line.lineId, vatRate(line.variantId)]));
  const differences = threeWayMatch(lines, { agreed: agreement.lines, receipt: receipt.lines, vatRate: (lineId) => rates.get(lineId) ?? basisPoints(0) });
  const issued = InvoiceIssued.of({ ...headOf(paper), lines: lines.map((line) => ({ ...line, amount: String(line.amount), vat: String(line.vat) })) });
  return differences.length === 0
    ? accept<Invoice, NewFact>({ ...paper, status: 'matched' }, issued, InvoiceMatched.of({ ...tradeOf(paper), invoiceId: paper.id, gross: String(paper.gross) }))
    : accept<Invoice, NewFact>({ ...paper, status: 'discrepant', differences }, issued, DiscrepancyFound.of({ ...tradeOf(paper), invoiceId: paper.id, differences }));
};

/** Only an invoice that disagreed is replaced; the new one is issued afterwards, as any other. */
export const withdrawInvoice = (invoice: Invoice, by: string): Decision<Invoice, never, 'not-yours-to-invoice' | 'invoice-not-discrepant'> => {
  if (by !== invoice.sellerId) return refuse('not-yours-to-invoice');
  if (invoice.status !== 'discrepant') return refuse('invoice-not-discrepant', { state: invoice.status });
  const { differences: _, ...paper } = invoice;
  return accept({ ...paper, status: 'replaced' });
};

export type Approver = { readonly party: string; readonly subject: string; readonly maker: boolean; readonly checker: boolean };
export type ApprovalRefusal = 'not-yours-to-approve' | 'invoice-not-matched' | 'already-approved' | 'dispute-open' | 'maker-needed' | 'checker-needed' | 'same-person';

/** First the maker checks, then another person approves. An open dispute holds it back: it must end before the debt is certain. */
export const approveInvoice = (invoice: Invoice, by: Approver, openDisputes: number, now: Instant): Decision<Invoice, NewFact, ApprovalRefusal> => {
  if (by.party !== invoice.buyerId) return refuse('not-yours-to-approve');
  if (invoice.status === 'approved') return refuse('already-approved');
  if (invoice.status !== 'matched' && invoice.status !== 'checked') return refuse('invoice-not-matched', { state: invoice.status });
  if (openDisputes > 0) return refuse('dispute-open');
  if (invoice.status === 'matched') return by.maker ? accept({ ...invoice, status: 'checked', checkedBy: by.subject }) : refuse('maker-needed');
  if (by.subject === invoice.checkedBy) return refuse('same-person');
  if (!by.checker) return refuse('checker-needed');
  const approvedOn = dayOf(now);
  return accept({ ...invoice, status: 'approved', approvedBy: by.subject, approvedOn }, InvoiceApproved.of({ ...headOf(invoice), approvedOn }));
};

const invoiceLine = (stated: StatedLine, agreed: AgreedLine, receipt: Receipt, vatRate: BasisPoints): InvoiceLine => {
  const accepted = receipt.lines.find((line) => line.lineId === agreed.lineId)?.accepted ?? 0;
  const { quantity = accepted, price = agreed.price } = stated;
  const amount = stated.amount ?? amountAt(quantity, price);
  return { lineId: agreed.lineId, variantId: agreed.variantId, quantity, price, amount, vatRate, vat: stated.vat ?? vatOn(amount, vatRate) };
};

const paperOf = (agreement: Agreement, receipt: Receipt, statement: Statement, lines: readonly InvoiceLine[], issuedOn: Day): Paper => {
  const { orderId, matchId, buyerId, sellerId, poNumber, terms } = agreement;
  const { id, invoiceNumber, replaces } = statement;
  const [goods, vat] = [sumOf(lines.map((line) => line.amount)), sumOf(lines.map((line) => line.vat))];
  const dueOn = dueDay(terms, issuedOn, dayOf(receipt.receivedAt));
  return {
    id, orderId, matchId, shipmentId: receipt.shipmentId, buyerId, sellerId, poNumber, invoiceNumber, lines, goods, vat, gross: sumOf([goods, vat]), issuedOn, terms, dueOn,
    ...(replaces === undefined ? {} : { replaces }),
  };
};

/** The fields every trade fact of a shipment begins with. */
export const tradeOf = ({ orderId, matchId, shipmentId, buyerId, sellerId }: Omit<Paper, 'lines'>) => ({ orderId, matchId, shipmentId, buyerId, sellerId });

export const headOf = (paper: Paper) => ({
  ...tradeOf(paper), invoiceId: paper.id, invoiceNumber: paper.invoiceNumber, goods: String(paper.goods), vat: String(paper.vat), gross: String(paper.gross),
  issuedOn: paper.issuedOn, terms: paper.terms, dueOn: paper.dueOn,
});
