import { newId } from '@peyvand/kernel';
import type { Caller } from '../api/api.js';
import { chance, type Scripts } from './scripts.js';
import { allOf, type CaseRow, type InvoiceRow, type MatchRow, type Page, type ShipmentRow } from './rows.js';
import { NotYet, type Duty } from './duty.js';

/** The seats of a buyer: maker and checker are never the same person. */
export type BuyingSeats = { readonly party: string; readonly buyer: Caller; readonly approver: Caller; readonly storekeeper: Caller; readonly signatory: Caller; /** Exact invoices up to a ceiling are approved by standing instruction; people look at what is left. */ readonly policy?: boolean };

/** What a buyer's office, store and signatory do; a producer that buys inputs does the same. */
export const buyingDuties = (seats: BuyingSeats, scripts: Scripts): Duty[] => [
  awards(seats), changes(seats), receipts(seats, scripts), approvals(seats), acceptances(seats),
];

const awards = ({ party, approver }: BuyingSeats): Duty => ({
  name: 'approve award',
  on: ['AwardProposed'],
  list: async () => {
    const items = await allOf<MatchRow>(approver, '/api/orders/matches?status=proposed');
    const orders = new Set(items.filter(({ buyerId }) => buyerId === party).map(({ orderId }) => orderId));
    return [...orders].map((id) => ({ id, do: () => approver.send('POST', `/api/orders/${id}/award`, { decision: 'approve' }, `award-${id}-${newId()}`) }));
  },
});

const changes = ({ party, buyer }: BuyingSeats): Duty => ({
  name: 'answer change',
  on: ['PurchaseOrderChangeProposed'],
  list: async () => {
    const items = await allOf<MatchRow>(buyer, '/api/orders/matches?status=change-proposed');
    return items.filter((match) => match.buyerId === party).map((match) => {
      const id = match.matchId;
      return { id, do: () => buyer.send('POST', `/api/orders/matches/${id}/change-answer`, { answer: 'accept' }, `change-answer-${id}`) };
    });
  },
});

/** Two loads in three are whole; the others lack a little or carry a few bad pieces. */
const receipts = ({ party, storekeeper }: BuyingSeats, scripts: Scripts): Duty => ({
  name: 'receive goods',
  on: ['ShipmentArrived'],
  list: async () => {
    const items = await allOf<ShipmentRow>(storekeeper, '/api/delivery/shipments?status=arrived');
    return items.filter(({ buyerId }) => buyerId === party).map((shipment) => ({ id: shipment.shipmentId, do: () => receive(storekeeper, shipment, scripts) }));
  },
});

const receive = async (storekeeper: Caller, shipment: ShipmentRow, scripts: Scripts): Promise<void> => {
  const id = shipment.shipmentId;
  const script = scripts.of(shipment.orderId);
  await script?.before?.receipt?.();
  const code = await codeOf(storekeeper, shipment.shipTo.placeId, id);
  const lines = shipment.lines.map(({ lineId, quantity }, at) => {
    const faults = script?.receipt?.[at] ?? (script ? { short: 0, rejected: 0 } : faultsBy(lineId, quantity));
    return { lineId, received: quantity - faults.short, rejected: faults.rejected, ...(faults.rejected > 0 ? { reason: 'stitching' } : {}) };
  });
  await storekeeper.send('POST', `/api/delivery/shipments/${id}/receipt`, { code, lines }, `receipt-${id}`);
};

const faultsBy = (lineId: string, quantity: number): { short: number; rejected: number } => ({
  short: chance(lineId, 'short') < 0.18 ? Math.floor(quantity * 0.02) : 0,
  rejected: chance(lineId, 'rejected') < 0.2 ? Math.floor(quantity * 0.015) : 0,
});

/** The SMS simulator's outbox, newest first: the demo's people read their telephone there. */
const codeOf = async (storekeeper: Caller, placeId: string, shipmentId: string): Promise<string> => {
  const { items } = await storekeeper.get<Page<{ shipmentId?: string; code?: string }>>(`/api/delivery/demo/sms?to=${placeId}`);
  const code = items.find((one) => one.shipmentId === shipmentId && one.code !== undefined)?.code;
  if (code === undefined) throw new NotYet('The code has not come yet');
  return code;
};

/** One checks, another approves. Checking is no fact that anybody hears, so the file goes from desk to desk. */
const approvals = ({ party, buyer, approver, policy }: BuyingSeats): Duty => ({
  name: 'approve invoice',
  on: ['InvoiceMatched'],
  list: async () => {
    const [matched, checked] = await Promise.all((['matched', 'checked'] as const).map((status) => allOf<InvoiceRow>(approver, `/api/delivery/invoices?status=${status}`)));
    const sign = (by: Caller, id: string, as: string): Promise<unknown> => by.send('POST', `/api/delivery/invoices/${id}/approve`, {}, `${as}-${id}`);
    const own = (rows: readonly InvoiceRow[] = []): string[] => rows.filter(({ buyerId }) => buyerId === party).map(({ invoiceId }) => invoiceId);
    return [
      ...own(matched).map((id) => ({ id, ...(policy ? { afterMs: 800 } : {}), do: () => sign(buyer, id, 'matched').then(() => sign(approver, id, 'checked')) })),
      ...own(checked).map((id) => ({ id, do: () => sign(approver, id, 'checked') })),
    ];
  },
});

const acceptances = ({ party, signatory }: BuyingSeats): Duty => ({
  name: 'accept barat',
  on: ['InstrumentDrawn'],
  list: async () => {
    const items = await allOf<CaseRow>(signatory, '/api/financing/cases?stage=opened&paper=presented');
    return items.filter(({ buyerId, instrument }) => buyerId === party && instrument?.status === 'presented').map((row) => {
      const id = row.instrument?.instrumentId ?? '';
      return { id, do: () => signatory.send('POST', `/api/financing/instruments/${id}/accept`, {}, `accept-${id}`) };
    });
  },
});
