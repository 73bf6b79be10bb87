import type { DataOf, MatchMade, NewFact } from '@peyvand/contracts';
import { addDays, basisPoints, dayOf, rials } from '@peyvand/kernel';
import { alone, at, idOf, SimulatedTime, type Beside, type Hears, type Schedule } from '@peyvand/testing/simulation';
import { agreementOf, type Agreement } from '../../src/domain/agreement.js';
import { returnGoods, type CreditNote } from '../../src/domain/credit-note.js';
import { notCounted, openDispute, raiseDispute, settleDispute, type Dispute } from '../../src/domain/dispute.js';
import { approveInvoice, issueInvoice, withdrawInvoice, type Invoice } from '../../src/domain/invoice.js';
import { untilAfter, untilAfterPromise } from '../../src/domain/patience.js';
import { receiveShipment, type Receipt } from '../../src/domain/receipt.js';
import { arriveShipment, cancelShipment, dispatchShipment, failShipment, planShipment, unitsOf, type Failure, type Shipment } from '../../src/domain/shipment.js';
import { begin, type DeliveryStep, type Does, type Variant } from './schedule.js';

type Match = { readonly agreement: Agreement; readonly state: 'proposed' | 'agreed' | 'released'; readonly secured: boolean };
export const vatRate = basisPoints(1_000);

/** Deliveries in memory: rows and clock. Every decision is the service's own; how its statements bring rows together is stated here a second time. */
export class World {
  readonly time: SimulatedTime;
  readonly matches = new Map<string, Match>();
  readonly shipments = new Map<string, Shipment>();
  readonly receipts = new Map<string, Receipt>();
  readonly invoices = new Map<string, Invoice>();
  readonly disputes = new Map<string, Dispute>();
  readonly notes = new Map<string, CreditNote>();

  private readonly publish: (facts: readonly NewFact[]) => void;

  constructor(schedule: Pick<Schedule<Does>, 'late'>, readonly variant: Variant | undefined, telling: boolean, beside?: Beside, private readonly graceDays = 5) {
    ({ time: this.time, publish: this.publish } = beside ?? alone(new SimulatedTime(begin, schedule.late, telling, { deaf: variant === 'deadlines-ignored' })));
  }

  /** What delivery does when orders tells of a match. */
  readonly hears: Hears = {
    MatchMade: (data: DataOf<typeof MatchMade>) => this.propose(agreementOf(data)),
    PurchaseOrderAccepted: (data: DataOf<typeof MatchMade>) => this.agree(agreementOf(data)),
    MatchSecured: ({ matchId }: { readonly matchId: string }) => this.secure(matchId),
    MatchReleased: ({ matchId }: { readonly matchId: string }) => this.release(matchId),
  };

  shipmentsIn(...states: Shipment['status'][]): Shipment[] {
    return [...this.shipments.values()].filter(({ status }) => states.includes(status));
  }

  openDisputes(shipmentId: string): Dispute[] {
    return [...this.disputes.values()].filter((one) => one.shipmentId === shipmentId && one.status === 'open');
  }

  perform({ does, pick, size }: DeliveryStep): void {
    this.time.tell(() => `${does} ${pick} ${size}`);
    const match = at([...this.matches.values()], pick);
    const planned = at(this.shipmentsIn('planned'), pick);
    const coming = at(this.shipmentsIn('dispatched', 'arrived'), pick);
    const invoice = at([...this.invoices.values()].filter(({ status }) => status !== 'replaced' && status !== 'approved'), pick);
    const dispute = at([...this.disputes.values()].filter(({ status }) => status === 'open'), pick);
    switch (does) {
      case 'match': return this.make(size);
      case 'agree': return match === undefined ? undefined : this.hear(match, 'PurchaseOrderAccepted', () => this.agree(match.agreement));
      case 'secure': return match === undefined ? undefined : this.hear(match, 'MatchSecured', (id) => this.secure(id));
      case 'release': return match === undefined || size % 3 > 0 ? undefined : this.hear(match, 'MatchReleased', (id) => this.release(id));
      case 'dispatch': return planned === undefined ? undefined : this.dispatch(planned, size);
      case 'arrive': return coming === undefined ? undefined : this.arrive(coming);
      case 'receive': return coming === undefined ? undefined : this.receive(coming, size);
      case 'withdraw': return planned === undefined || size % 4 > 0 ? undefined : this.fail(planned, 'withdrawn-by-seller');
      case 'invoice': return this.invoice(at([...this.receipts.values()], pick), size);
      case 'replace': return invoice === undefined ? undefined : this.replace(invoice);
      case 'approve': return invoice === undefined ? undefined : this.approve(invoice, size);
      case 'return': return this.return(at([...this.invoices.values()].filter(({ status }) => status === 'approved'), pick), size);
      case 'dispute': {
        const shipment = at([...this.shipments.values()], pick);
        const raised = shipment === undefined ? undefined : raiseDispute(shipment, this.openDisputes(shipment.id).length, shipment.buyerId, { id: idOf('dispute', this.disputes.size), reason: 'quality' });
        return void (raised?.ok === true && this.disputes.set(raised.state.id, raised.state));
      }
      case 'settle': {
        const settled = dispute === undefined ? undefined : settleDispute(dispute, { party: dispute.raisedBy, operator: size % 2 === 0 }, 'withdrawn');
        return void (settled?.ok === true && this.disputes.set(settled.state.id, settled.state));
      }
    }
  }

  fire(due: string): void {
    const [kind, id = ''] = due.split(' ');
    const shipment = this.shipments.get(id);
    this.time.tell(() => `due: ${kind} ${id.slice(-4)}`);
    if (shipment === undefined) return;
    if (kind !== 'count-by') return this.fail(shipment, kind === 'arrive-by' ? 'not-arrived' : 'not-dispatched');
    if (shipment.status !== 'arrived' || this.openDisputes(id).length > 0) return;
    const { state } = openDispute(shipment, shipment.sellerId, { id: idOf('dispute', this.disputes.size), reason: notCounted });
    this.disputes.set(state.id, state);
  }

  private make(size: number): void {
    const n = this.matches.size;
    const lines = Array.from({ length: 1 + (size % 3) }, (_, l) => ({ lineId: idOf('line', n * 3 + l), variantId: idOf('variant', l), quantity: 1 + ((size + l * 7) % 50), unit: 'NPR', price: { amount: String(1_000 + size * 3), per: 1 + (l % 3) } }));
    const agreement: Agreement = {
      matchId: idOf('match', n), orderId: idOf('order', n), buyerId: idOf('buyer', 0), sellerId: idOf('seller', n % 2), poNumber: String(n), terms: { days: size % 60, base: 'invoice', instrument: 'barat' },
      shipTo: { placeId: idOf('place', 0), city: 'تهران', province: 'تهران', latitude: 35.7, longitude: 51.4 }, promisedBy: addDays(dayOf(this.time.now), size % 9), lines,
    };
    this.propose(agreement);
  }

  private hear({ agreement: { matchId } }: Match, fact: string, then: (matchId: string) => 'not-yet' | void): void {
    this.time.send(matchId, fact, () => then(matchId));
  }

  private propose(agreement: Agreement): void {
    if (!this.matches.has(agreement.matchId)) this.matches.set(agreement.matchId, { agreement, state: 'proposed', secured: false });
  }

  /** The first acceptance counts; a second one finds the match agreed, or released, and changes nothing. */
  private agree(agreement: Agreement): void {
    const known = this.matches.get(agreement.matchId) ?? { state: 'proposed', secured: false };
    if (known.state !== 'proposed') return;
    this.matches.set(agreement.matchId, { ...known, agreement, state: 'agreed' });
    const planned = planShipment(agreement, { id: idOf('shipment', this.shipments.size), carrierId: idOf('carrier', 0), secured: known.secured });
    this.keep(planned.state);
    this.publish(planned.events);
  }

  private secure(id: string): 'not-yet' | void {
    const match = this.matches.get(id);
    if (match === undefined) return 'not-yet';
    this.matches.set(id, { ...match, secured: true });
    for (const one of this.shipmentsIn('planned')) if (one.matchId === id && !one.secured) this.keep({ ...one, secured: true } as Shipment);
  }

  private release(id: string): 'not-yet' | void {
    const match = this.matches.get(id);
    if (match === undefined) return 'not-yet';
    this.matches.set(id, { ...match, state: 'released' });
    for (const one of this.shipmentsIn('planned').filter(({ matchId }) => matchId === id)) {
      const over = cancelShipment(one, 'released');
      if (!over.ok) continue;
      this.shipments.set(one.id, over.state);
      this.time.dues.delete(`dispatch-by ${one.id}`);
      this.publish(over.events);
    }
  }

  private keep(shipment: Shipment): void {
    this.shipments.set(shipment.id, shipment);
    if (shipment.status === 'planned' && shipment.secured) this.time.due(`dispatch-by ${shipment.id}`, untilAfterPromise(shipment.promisedBy, this.time.now, this.graceDays));
  }

  private dispatch(planned: Shipment, size: number): void {
    const lines = size % 2 === 0 ? planned.lines : planned.lines.map(({ lineId, quantity }) => ({ lineId, quantity: size % (quantity + 2) }));
    const left = dispatchShipment(planned, { by: planned.sellerId, waybill: 'W', lines }, idOf('shipment', this.shipments.size), this.time.now);
    if (!left.ok) return;
    this.shipments.set(planned.id, left.state.sent);
    this.time.dues.delete(`dispatch-by ${planned.id}`);
    this.time.due(`arrive-by ${planned.id}`, untilAfterPromise(planned.promisedBy, this.time.now, this.graceDays));
    if (left.state.rest !== undefined && this.variant !== 'rest-forgotten') this.keep(left.state.rest);
    this.publish(left.events);
  }

  private arrive(shipment: Shipment): void {
    const there = arriveShipment(shipment, shipment.carrierId, this.time.now);
    if (!there.ok) return;
    this.shipments.set(shipment.id, there.state);
    this.time.dues.delete(`arrive-by ${shipment.id}`);
    this.time.due(`count-by ${shipment.id}`, untilAfter(this.time.now, this.graceDays));
    this.publish(there.events);
  }

  private remaining({ matchId, id }: Shipment): number {
    return this.shipmentsIn('planned', 'dispatched', 'arrived').filter((one) => one.matchId === matchId && one.id !== id).reduce((sum, { lines }) => sum + unitsOf(lines), 0);
  }

  private receive(shipment: Shipment, size: number): void {
    const counted = shipment.lines.map(({ lineId, quantity }) => ({ lineId, received: size % 3 === 0 ? size % (quantity + 2) : quantity, rejected: size % 5 === 0 ? 1 : 0, reason: 'broken' }));
    const got = receiveShipment(shipment, shipment.buyerId, counted, { receiptId: idOf('receipt', this.receipts.size), now: this.time.now, remaining: this.remaining(shipment) });
    if (!got.ok) return;
    this.shipments.set(shipment.id, got.state.shipment);
    this.receipts.set(shipment.id, got.state.receipt);
    this.publish(got.events);
    for (const due of ['arrive-by', 'count-by']) this.time.dues.delete(`${due} ${shipment.id}`);
    for (const dispute of this.openDisputes(shipment.id)) if (dispute.reason === notCounted) this.disputes.set(dispute.id, { ...dispute, status: 'settled', outcome: 'withdrawn' });
  }

  private fail(shipment: Shipment, reason: Failure): void {
    const over = failShipment(shipment, reason, this.remaining(shipment));
    this.time.dues.delete(`dispatch-by ${shipment.id}`);
    if (!over.ok) return;
    this.shipments.set(shipment.id, over.state);
    this.publish(over.events);
  }

  private invoice(receipt: Receipt | undefined, size: number): void {
    const agreement = this.matches.get(this.shipments.get(receipt?.shipmentId ?? '')?.matchId ?? '')?.agreement;
    if (receipt === undefined || agreement === undefined) return;
    const standing = this.variant === 'invoice-twice' ? [] : [...this.invoices.values()].filter(({ shipmentId, status }) => shipmentId === receipt.shipmentId && status !== 'replaced');
    const wrong = receipt.lines.map(({ lineId, accepted }) => ({ lineId, quantity: accepted + (size % 7 === 0 ? 1 : 0), ...(size % 7 === 1 ? { vat: rials(size) } : {}) }));
    const id = idOf('invoice', this.invoices.size);
    const issued = issueInvoice({ agreement, receipt, vatRate: () => vatRate, standing }, { by: agreement.sellerId, id, invoiceNumber: id, ...(size % 7 < 2 ? { lines: wrong } : {}) }, this.time.now);
    if (!issued.ok) return;
    const { status: _status, ...paper } = issued.state;
    this.invoices.set(id, this.variant === 'match-left-out' ? ({ ...paper, status: 'matched' } as Invoice) : issued.state);
    this.publish(issued.events);
  }

  private replace(invoice: Invoice): void {
    const withdrawn = withdrawInvoice(invoice, invoice.sellerId);
    if (withdrawn.ok) this.invoices.set(invoice.id, withdrawn.state);
  }

  private approve(invoice: Invoice, size: number): void {
    const subject = `person ${size % 3}`;
    const asked = this.variant === 'one-person-approves' && invoice.status === 'checked' ? { ...invoice, checkedBy: 'nobody' } : invoice;
    const open = this.variant === 'dispute-overlooked' ? 0 : this.openDisputes(invoice.shipmentId).length;
    const answer = approveInvoice(asked, { party: invoice.buyerId, subject, maker: size % 5 > 0, checker: size % 4 > 0 }, open, this.time.now);
    if (!answer.ok) return;
    if (answer.state.status === 'approved' && this.openDisputes(invoice.shipmentId).length > 0) throw new Error(`invoice ${invoice.id} was approved while it was disputed`);
    this.invoices.set(invoice.id, invoice.status === 'checked' && answer.state.status === 'approved' ? { ...answer.state, checkedBy: invoice.checkedBy } : answer.state);
    this.publish(answer.events);
  }

  /** Some goods of one line come back after approval, or all of it. */
  private return(invoice: Invoice | undefined, size: number): void {
    const line = at(invoice?.lines ?? [], size);
    if (invoice === undefined || line === undefined) return;
    const earlier = [...this.notes.values()].filter(({ invoiceId }) => invoiceId === invoice.id);
    const quantity = size % 4 === 0 ? line.quantity : 1 + (size % line.quantity);
    const back = returnGoods(invoice, earlier, { by: invoice.buyerId, id: idOf('note', this.notes.size), lines: [{ lineId: line.lineId, quantity }], reason: 'return' });
    if (!back.ok) return;
    this.notes.set(back.state.id, back.state);
    this.publish(back.events);
  }
}
