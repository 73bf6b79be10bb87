import type { DemoClock } from '../advance-clock/demo-clock.js';
import type { Caller } from '../api/api.js';
import { chance, type Scripts } from './scripts.js';
import { allOf, type BidRow, type CaseRow, type InvoiceRow, type MatchRow, type Page, type ShipmentRow } from './rows.js';
import type { Urgency } from './urgency.js';
import { NotYet, type Duty } from './duty.js';

export type Seller = { readonly party: string; readonly code: string; readonly manager: Caller; readonly urgency: Urgency; readonly clock: DemoClock; /** Accepts, invoices, draws and sells by standing instruction. */ readonly standing: boolean };

const dayMs = 86_400_000;

/** What a producer does for every purchase order, from its answer to the choice of a bid. */
export const sellingDuties = (seller: Seller, scripts: Scripts): Duty[] => [
  ...(seller.standing ? [] : [answers(seller, scripts), invoices(seller, scripts), drawings(seller), choices(seller, scripts)]),
  openTerms(seller), dispatches(seller, scripts), recoursePayments(seller),
];

/** Nine in ten are taken as they stand; one in twenty-five is declined, a few come back with a little less. */
const answers = ({ party, manager }: Seller, scripts: Scripts): Duty => ({
  name: 'answer purchase order',
  on: ['PurchaseOrderIssued'],
  list: async () => {
    const items = await allOf<MatchRow>(manager, '/api/orders/matches?status=issued');
    return items.filter(({ sellerId }) => sellerId === party).map((match) => {
      const id = match.matchId;
      return { id, do: () => manager.send('POST', `/api/orders/matches/${id}/answer`, answerTo(match, id, scripts), `answer-${id}`) };
    });
  },
});

const answerTo = (match: MatchRow, id: string, scripts: Scripts): Record<string, unknown> => {
  const luck = scripts.of(match.orderId)?.steady ? 1 : chance(id, 'answer');
  if (luck < 0.04) return { answer: 'decline', reason: 'capacity' };
  const less = match.lines.map(({ lineId, quantity }) => ({ lineId, quantity: Math.max(1, Math.floor(quantity * 0.9)) }));
  if (luck < 0.08 && less.some((line, at) => line.quantity < (match.lines[at]?.quantity ?? 0))) return { answer: 'change', reason: 'capacity', promisedBy: match.promisedBy, lines: less };
  return { answer: 'accept' };
};

/** Where no limit covers the buyer, the seller trusts it. */
const openTerms = ({ party, manager }: Seller): Duty => ({
  name: 'agree to open terms',
  on: ['FinancingDeclined', 'PurchaseOrderAccepted'],
  list: async () => {
    const items = await allOf<MatchRow>(manager, '/api/orders/matches?status=accepted');
    return items.filter((match) => match.sellerId === party && match.financingDeclined === true).map((match) => {
      const id = match.matchId;
      return { id, do: () => manager.send('POST', `/api/orders/matches/${id}/security`, { by: 'open-terms' }, `security-${id}`) };
    });
  },
});

const dispatches = ({ party, code, manager }: Seller, scripts: Scripts): Duty => ({
  name: 'dispatch',
  on: ['MatchSecured', 'ShipmentPlanned'],
  list: async () => {
    const items = await allOf<ShipmentRow>(manager, '/api/delivery/shipments?status=planned');
    return items.filter((shipment) => shipment.sellerId === party && shipment.secured !== false).map((shipment) => {
      const id = shipment.shipmentId;
      const waybill = scripts.of(shipment.orderId)?.waybill ?? `${code}-${id.slice(-8)}`;
      // Making takes a few days; the wait also lets a person watch the load.
      return { id, afterMs: 900 + chance(id, 'making') * 1_200, do: () => manager.send('POST', `/api/delivery/shipments/${id}/dispatch`, { waybill, plate: `۱۲ ع ${300 + Math.floor(chance(id, 'plate') * 600)} ایران ۷۷` }, `dispatch-${id}`) };
    });
  },
});

const invoices = ({ party, code, manager }: Seller, scripts: Scripts): Duty => ({
  name: 'issue invoice',
  on: ['GoodsReceived'],
  list: async () => {
    const [{ items }, issued] = await Promise.all([
      manager.get<Page<ShipmentRow>>('/api/delivery/shipments?status=received&limit=100'), manager.get<Page<InvoiceRow>>('/api/delivery/invoices?limit=200'),
    ]);
    const invoiced = new Set(issued.items.map(({ shipmentId }) => shipmentId));
    return items.filter(({ shipmentId, sellerId }) => sellerId === party && !invoiced.has(shipmentId)).map((shipment) => {
      const id = shipment.shipmentId;
      const invoiceNumber = scripts.of(shipment.orderId)?.invoiceNumber ?? `${code}-${id.slice(-10)}`;
      return { id, do: () => manager.send('POST', `/api/delivery/shipments/${id}/invoice`, { invoiceNumber }, `invoice-${id}`) };
    });
  },
});

const drawings = ({ party, manager, urgency }: Seller): Duty => ({
  name: 'draw barat',
  on: ['ReceivableOpened'],
  list: async () => {
    const items = await allOf<CaseRow>(manager, '/api/financing/cases?stage=opened');
    return items.filter((row) => row.sellerId === party && row.instrument === undefined && row.terms.instrument === 'barat').map(({ caseId: id, buyerId }) => (
      { id, do: () => urgency.during(id, buyerId, () => manager.send('POST', '/api/financing/instruments', { caseId: id }, `draw-${id}`)) }));
  },
});

/** Ordinary paper is offered for three of its five days, so that a partner who reads the feed now and then has a fair chance. */
const choices = ({ party, manager, clock }: Seller, scripts: Scripts): Duty => {
  const choose = async (row: CaseRow, id: string): Promise<void> => {
    const script = scripts.of(row.orderId);
    const paper = script?.paper ?? 'sell';
    if (paper === 'keep') {
      await manager.send('POST', `/api/financing/cases/${id}/keep`, {}, `keep-${id}`);
      return;
    }
    if (typeof paper === 'object') {
      const settles = paper.settles?.();
      if (paper.settles && settles === undefined) throw new NotYet('The debt it pays is not there yet');
      await manager.send('POST', `/api/financing/cases/${id}/endorse`, { toProducerId: paper.endorseTo, ...(settles ? { settlesCaseId: settles } : {}) }, `endorse-${id}`);
      return;
    }
    const { items: ranked } = await manager.get<Page<BidRow>>(`/api/financing/cases/${id}/bids`);
    const [best] = ranked;
    // In its last two days any bid will do. Before them scripted paper waits for all three funders, and other paper while the clock runs.
    const late = Date.parse(row.bidUntil ?? '') - clock.now() < 2 * dayMs;
    if (best === undefined || (!late && (script ? ranked.length < 3 : !clock.borrowed))) throw new NotYet('Bids are still coming');
    await manager.send('POST', `/api/financing/cases/${id}/choose`, { bidId: best.bidId }, `choose-${id}-${best.bidId}`);
  };
  return {
    name: 'choose bid',
    on: ['BidPlaced', 'InstrumentAccepted'],
    list: async () => {
      const items = await allOf<CaseRow>(manager, '/api/financing/cases?stage=bidding');
      return items.filter(({ sellerId }) => sellerId === party).map((row) => ({ id: row.caseId, ...(scripts.of(row.orderId) ? {} : { afterMs: 1_500 }), do: () => choose(row, row.caseId) }));
    },
  };
};

const recoursePayments = ({ party, manager }: Seller): Duty => ({
  name: 'pay recourse',
  on: ['RecourseDemanded'],
  list: async () => {
    const items = await allOf<CaseRow>(manager, '/api/financing/cases?stage=recourse');
    return items.filter(({ sellerId }) => sellerId === party).map((row) => {
      const id = row.caseId;
      return { id, do: () => manager.send('POST', `/api/financing/cases/${id}/recourse/pay`, {}, `recourse-pay-${id}`) };
    });
  },
});
