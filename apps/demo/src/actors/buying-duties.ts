import { newId } from '@peyvand/kernel';
import type { Caller } from '../api/api.js';
import { chance, type Scripts } from './scripts.js';
import type { CaseRow, InvoiceRow, MatchRow, Page, ShipmentRow } from './rows.js';
import { NotYet, type Duty } from './work.js';

/** The seats of a buyer: maker and checker are never the same person. */
export type BuyingSeats = { readonly party: string; readonly buyer: Caller; readonly approver: Caller; readonly storekeeper: Caller; readonly signatory: Caller };

/** What a buyer's office, store and signatory do; a producer that buys inputs does the same. */
export const buyingDuties = (seats: BuyingSeats, scripts: Scripts): Duty[] => [
  awards(seats), changes(seats), receipts(seats, scripts), checks(seats), approvals(seats), acceptances(seats),
];

const awards = ({ party, approver }: BuyingSeats): Duty => ({
  name: 'approve award',
  on: ['AwardProposed'],
  list: async () => {
    const { items } = await approver.get<Page<MatchRow>>('/api/orders/matches?status=proposed&limit=50');
    const orders = new Set(items.filter(({ buyerId }) => buyerId === party).map(({ orderId }) => orderId));
    return [...orders].map((id) => ({ id, do: () => approver.send('POST', `/api/orders/${id}/award`, { decision: 'approve' }, `award-${id}-${newId()}`) }));
  },
});

const changes = ({ party, buyer }: BuyingSeats): Duty => ({
  name: 'answer change',
  on: ['PurchaseOrderChangeProposed'],
  list: async () => {
    const { items } = await buyer.get<Page<MatchRow>>('/api/orders/matches?status=change-proposed&limit=50');
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
    const { items } = await storekeeper.get<Page<ShipmentRow>>('/api/delivery/shipments?status=arrived&limit=50');
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

const checks = ({ party, buyer }: BuyingSeats): Duty => approval('check invoice', ['InvoiceMatched'], 'matched', party, buyer);
const approvals = ({ party, approver }: BuyingSeats): Duty => approval('approve invoice', ['InvoiceMatched'], 'checked', party, approver);

const approval = (name: string, on: string[], status: string, party: string, by: Caller): Duty => ({
  name,
  on,
  list: async () => {
    const { items } = await by.get<Page<InvoiceRow>>(`/api/delivery/invoices?status=${status}&limit=50`);
    return items.filter(({ buyerId }) => buyerId === party).map((invoice) => {
      const id = invoice.invoiceId;
      return { id, do: () => by.send('POST', `/api/delivery/invoices/${id}/approve`, {}, `${status}-${id}`) };
    });
  },
});

const acceptances = ({ party, signatory }: BuyingSeats): Duty => ({
  name: 'accept barat',
  on: ['InstrumentDrawn'],
  list: async () => {
    const { items } = await signatory.get<Page<CaseRow>>('/api/financing/cases?stage=opened&limit=100');
    return items.filter(({ buyerId, instrument }) => buyerId === party && instrument?.status === 'presented').map((row) => {
      const id = row.instrument?.instrumentId ?? '';
      return { id, do: () => signatory.send('POST', `/api/financing/instruments/${id}/accept`, {}, `accept-${id}`) };
    });
  },
});
