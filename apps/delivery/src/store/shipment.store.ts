import type { GoodsLine, Place } from '@peyvand/contracts';
import { assertNever, day, instant, isoOf, type Day, type Instant } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { unitsOf, type PlannedShipment, type Shipment } from '../domain/shipment.js';

export type StoredShipment = { readonly shipment: Shipment; readonly version: number };

export type ShipmentRow = {
  shipment_id: string; match_id: string; order_id: string; buyer_id: string; seller_id: string; carrier_id: string; po_number: string;
  lines: GoodsLine[]; ship_to: Place; promised_by: string; secured: boolean; status: Shipment['status'];
  waybill: string | null; plate: string | null; driver: string | null;
  dispatched_at: Date | null; arrived_at: Date | null; received_at: Date | null; reason: string | null; version: number;
};

export const shipmentColumns = `shipment_id, match_id, order_id, buyer_id, seller_id, carrier_id, po_number, lines, ship_to, promised_by::text, secured, status,
  waybill, plate, driver, dispatched_at, arrived_at, received_at, reason, version`;

export const findShipment = async (tx: Tx, id: string): Promise<StoredShipment | undefined> =>
  (await tx.sql<ShipmentRow>(`select ${shipmentColumns} from shipments where shipment_id = $1`, [id])).map(shipmentOf)[0];

export const findShipments = async (tx: Tx, ids: readonly string[]): Promise<StoredShipment[]> =>
  (await tx.sql<ShipmentRow>(`select ${shipmentColumns} from shipments where shipment_id = any($1::uuid[])`, [ids])).map(shipmentOf);

/** Locked until the transaction ends, in id order, so that two batches cannot wait for each other. */
export const lockShipments = async (tx: Tx, ids: readonly string[]): Promise<StoredShipment[]> =>
  (await tx.sql<ShipmentRow>(`select ${shipmentColumns} from shipments where shipment_id = any($1::uuid[]) order by shipment_id for no key update`, [ids])).map(shipmentOf);

export const lockShipment = async (tx: Tx, id: string): Promise<StoredShipment | undefined> => (await lockShipments(tx, [id]))[0];

/**
 * Every planned shipment of these matches, locked. Asked twice: a dispatch that the first question waited for may have left a further
 * planned shipment behind, which only a new snapshot shows.
 */
export const lockPlannedOf = async (tx: Tx, matchIds: readonly string[]): Promise<StoredShipment[]> => {
  await tx.sql(lockPlanned, [matchIds]);
  return (await tx.sql<ShipmentRow>(lockPlanned, [matchIds])).map(shipmentOf);
};
const lockPlanned = `select ${shipmentColumns} from shipments where match_id = any($1::uuid[]) and status = 'planned' order by shipment_id for no key update`;

export const shipmentsOfMatch = async (tx: Tx, matchId: string): Promise<StoredShipment[]> =>
  (await tx.sql<ShipmentRow>(`select ${shipmentColumns} from shipments where match_id = $1 order by shipment_id`, [matchId])).map(shipmentOf);

const insert = `
  insert into shipments (shipment_id, match_id, order_id, buyer_id, seller_id, carrier_id, po_number, lines, units, ship_to, promised_by, secured, status, planned_at, parties)
  select shipment_id, match_id, order_id, buyer_id, seller_id, carrier_id, po_number, lines, units, ship_to, promised_by, secured, 'planned', $13, array[buyer_id, seller_id, carrier_id]
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::jsonb[], $9::bigint[], $10::jsonb[], $11::date[], $12::boolean[])
    as s(shipment_id, match_id, order_id, buyer_id, seller_id, carrier_id, po_number, lines, units, ship_to, promised_by, secured)`;

export const insertShipments = async (tx: Tx, shipments: readonly PlannedShipment[]): Promise<void> => {
  if (shipments.length === 0) return;
  const column = <T>(of: (shipment: PlannedShipment) => T): T[] => shipments.map(of);
  await tx.run(insert, [
    column((s) => s.id), column((s) => s.matchId), column((s) => s.orderId), column((s) => s.buyerId), column((s) => s.sellerId), column((s) => s.carrierId),
    column((s) => s.poNumber), column((s) => JSON.stringify(s.lines)), column((s) => unitsOf(s.lines)), column((s) => JSON.stringify(s.shipTo)),
    column((s) => s.promisedBy), column((s) => s.secured), isoOf(tx.now),
  ]);
};

const update = `
  update shipments s set carrier_id = u.carrier_id, lines = u.lines, units = u.units, status = u.status, waybill = u.waybill, plate = u.plate, driver = u.driver,
    dispatched_at = u.dispatched_at, arrived_at = u.arrived_at, received_at = u.received_at, reason = u.reason, ended_at = case when u.status in ('cancelled', 'failed') then $14::timestamptz end, version = s.version + 1,
    parties = array[s.buyer_id, s.seller_id, u.carrier_id]
  from unnest($1::uuid[], $2::int[], $3::uuid[], $4::jsonb[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::text[])
    as u(shipment_id, version, carrier_id, lines, units, status, waybill, plate, driver, dispatched_at, arrived_at, received_at, reason)
  where s.shipment_id = u.shipment_id and s.version = u.version`;

/** Throws when a version is no longer the one that was read. */
export const updateShipments = async (tx: Tx, changed: readonly StoredShipment[]): Promise<void> => {
  if (changed.length === 0) return;
  const column = <T>(of: (shipment: Shipment) => T): T[] => changed.map(({ shipment }) => of(shipment));
  const affected = await tx.run(update, [
    column((s) => s.id), changed.map(({ version }) => version), column((s) => s.carrierId), column((s) => JSON.stringify(s.lines)), column((s) => unitsOf(s.lines)),
    column((s) => s.status), column((s) => textOf(s, 'waybill')), column((s) => textOf(s, 'plate')), column((s) => textOf(s, 'driver')),
    column((s) => momentOf(s, 'dispatchedAt')), column((s) => momentOf(s, 'arrivedAt')), column((s) => momentOf(s, 'receivedAt')), column((s) => textOf(s, 'reason')), isoOf(tx.now),
  ]);
  if (affected !== changed.length) throw new Error(`${changed.length - affected} of ${changed.length} shipments changed since they were read`);
};

/** When a shipment was cancelled or failed. */
export const findEnd = async (tx: Tx, id: string): Promise<Instant | undefined> => {
  const [row] = await tx.sql<{ ended_at: Date | null }>('select ended_at from shipments where shipment_id = $1', [id]);
  return row?.ended_at === null || row === undefined ? undefined : instant(row.ended_at);
};

export const matchesOf = async (tx: Tx, ids: readonly string[]): Promise<string[]> =>
  (await tx.sql<{ match_id: string }>('select distinct match_id from shipments where shipment_id = any($1::uuid[]) order by match_id', [ids])).map((row) => row.match_id);

/** Lets the planned shipments of these matches leave; answers which they are. */
export const secureShipments = async (tx: Tx, matchIds: readonly string[]): Promise<{ id: string; promisedBy: Day }[]> => {
  const rows = await tx.sql<{ shipment_id: string; promised_by: string }>(
    `update shipments set secured = true, version = version + 1 where match_id = any($1::uuid[]) and status = 'planned' and not secured
     returning shipment_id, promised_by::text`, [matchIds]);
  return rows.map((row) => ({ id: row.shipment_id, promisedBy: day(row.promised_by) }));
};

/** Units of each match that are planned or under way. */
export const unitsUnderWay = async (tx: Tx, matchIds: readonly string[]): Promise<Map<string, number>> => {
  const rows = await tx.sql<{ match_id: string; units: string }>(
    `select match_id, sum(units)::text as units from shipments where match_id = any($1::uuid[]) and status in ('planned', 'dispatched', 'arrived') group by match_id`, [matchIds]);
  return new Map(rows.map((row) => [row.match_id, Number(row.units)]));
};

const textOf = (shipment: Shipment, field: 'waybill' | 'plate' | 'driver' | 'reason'): string | null => ({ ...shipment } as Partial<Record<typeof field, string>>)[field] ?? null;
const momentOf = (shipment: Shipment, field: 'dispatchedAt' | 'arrivedAt' | 'receivedAt'): string | null => {
  const at = ({ ...shipment } as Partial<Record<typeof field, Instant>>)[field];
  return at === undefined ? null : isoOf(at);
};

export const shipmentOf = (row: ShipmentRow): StoredShipment => {
  const plan = {
    id: row.shipment_id, matchId: row.match_id, orderId: row.order_id, buyerId: row.buyer_id, sellerId: row.seller_id, carrierId: row.carrier_id, poNumber: row.po_number,
    lines: row.lines, shipTo: row.ship_to, promisedBy: day(row.promised_by), secured: row.secured,
  };
  const { version, status, arrived_at, received_at } = row;
  switch (status) {
    case 'planned': return { version, shipment: { ...plan, status } };
    case 'dispatched': return { version, shipment: { ...plan, ...departureOf(row), status } };
    case 'arrived': return { version, shipment: { ...plan, ...departureOf(row), status, arrivedAt: instant(arrived_at ?? NaN) } };
    case 'received': return { version, shipment: { ...plan, ...departureOf(row), status, receivedAt: instant(received_at ?? NaN), ...(arrived_at === null ? {} : { arrivedAt: instant(arrived_at) }) } };
    case 'cancelled':
    case 'failed': return { version, shipment: { ...plan, ...(row.waybill === null ? {} : departureOf(row)), status, reason: row.reason ?? '' } };
    default: return assertNever(status);
  }
};

const departureOf = ({ waybill, plate, driver, dispatched_at }: ShipmentRow) => ({
  waybill: waybill ?? '', dispatchedAt: instant(dispatched_at ?? NaN), ...(plate === null ? {} : { plate }), ...(driver === null ? {} : { driver }),
});
