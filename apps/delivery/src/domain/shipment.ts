import { DeliveryFailed, ShipmentArrived, ShipmentCancelled, ShipmentDispatched, ShipmentPlanned, type GoodsLine, type NewFact, type Place } from '@peyvand/contracts';
import { accept, isoOf, refuse, type Accepted, type Day, type Decision, type Instant } from '@peyvand/kernel';
import type { Agreement } from './agreement.js';

type Plan = {
  readonly id: string;
  readonly matchId: string;
  readonly orderId: string;
  readonly buyerId: string;
  readonly sellerId: string;
  readonly carrierId: string;
  readonly poNumber: string;
  readonly lines: readonly GoodsLine[];
  readonly shipTo: Place;
  readonly promisedBy: Day;
  /** The match is secured: goods may leave. */
  readonly secured: boolean;
};
/** How the goods travel; absent plate and driver are simply not known. */
export type Departure = { readonly waybill: string; readonly plate?: string; readonly driver?: string; readonly dispatchedAt: Instant };

export type PlannedShipment = Plan & { readonly status: 'planned' };
export type ShipmentUnderWay = Plan & Departure & ({ readonly status: 'dispatched' } | { readonly status: 'arrived'; readonly arrivedAt: Instant });
export type ReceivedShipment = Plan & Departure & { readonly status: 'received'; readonly arrivedAt?: Instant; readonly receivedAt: Instant };
export type EndedShipment = Plan & Partial<Departure> & { readonly status: 'cancelled' | 'failed'; readonly reason: string };

/** planned → dispatched → arrived → received; planned may be cancelled or fail, goods under way may fail. */
export type Shipment = PlannedShipment | ShipmentUnderWay | ReceivedShipment | EndedShipment;
export type ShipmentStatus = Shipment['status'];

/** Everything of an agreement goes on one shipment first; a smaller dispatch splits it. */
export const planShipment = (agreed: Agreement, given: { id: string; carrierId: string; secured: boolean }): Accepted<PlannedShipment, NewFact> => {
  const { matchId, orderId, buyerId, sellerId, poNumber, shipTo, promisedBy } = agreed;
  const lines = agreed.lines.map(({ lineId, variantId, quantity, unit }) => ({ lineId, variantId, quantity, unit }));
  const shipment: PlannedShipment = { matchId, orderId, buyerId, sellerId, poNumber, shipTo, promisedBy, ...given, lines, status: 'planned' };
  return accept(shipment, planned(shipment));
};

export type Dispatch = Omit<Departure, 'dispatchedAt'> & {
  readonly by: string;
  /** Another carrier than the planned one; only the seller may say so. */
  readonly carrierId?: string;
  /** What really leaves; everything planned when absent. */
  readonly lines?: readonly { readonly lineId: string; readonly quantity: number }[];
};
export type DispatchRefusal = 'not-yours-to-dispatch' | 'shipment-not-planned' | 'match-not-secured' | 'line-unknown' | 'line-twice' | 'more-than-planned' | 'nothing-to-dispatch';

/** The goods leave. What stays behind becomes a further planned shipment of the match, so nothing agreed is lost from sight. */
export const dispatchShipment = (
  shipment: Shipment, command: Dispatch, restId: string, now: Instant,
): Decision<{ sent: ShipmentUnderWay; rest?: PlannedShipment }, NewFact, DispatchRefusal> => {
  const { by, carrierId = shipment.carrierId, lines, ...departure } = command;
  if (by !== shipment.sellerId && (by !== shipment.carrierId || carrierId !== shipment.carrierId)) return refuse('not-yours-to-dispatch');
  if (shipment.status !== 'planned') return refuse('shipment-not-planned', { state: shipment.status });
  if (!shipment.secured) return refuse('match-not-secured');
  const split = splitLines(shipment.lines, lines ?? shipment.lines);
  if (!split.ok) return split;
  const { leaving, staying } = split.state;
  const sent: ShipmentUnderWay = { ...shipment, ...departure, carrierId, lines: leaving, status: 'dispatched', dispatchedAt: now };
  const told = ShipmentDispatched.of({ ...goodsOf(sent), waybill: sent.waybill, dispatchedAt: isoOf(now) });
  if (staying.length === 0) return accept({ sent }, told);
  const rest: PlannedShipment = { ...shipment, id: restId, lines: staying };
  return accept({ sent, rest }, told, planned(rest));
};

/** Quantities never grow: leaving + staying = planned, line by line. */
export const splitLines = (
  plannedLines: readonly GoodsLine[], wanted: readonly { readonly lineId: string; readonly quantity: number }[],
): Decision<{ leaving: GoodsLine[]; staying: GoodsLine[] }, never, 'line-unknown' | 'line-twice' | 'more-than-planned' | 'nothing-to-dispatch'> => {
  const asked = new Map(wanted.map((line) => [line.lineId, line.quantity]));
  if (asked.size < wanted.length) return refuse('line-twice');
  const stranger = wanted.find((line) => !plannedLines.some((plan) => plan.lineId === line.lineId));
  if (stranger !== undefined) return refuse('line-unknown', { lineId: stranger.lineId });
  const over = plannedLines.find((line) => (asked.get(line.lineId) ?? 0) > line.quantity);
  if (over !== undefined) return refuse('more-than-planned', { lineId: over.lineId, planned: over.quantity, asked: asked.get(over.lineId) });
  const part = (amount: (line: GoodsLine) => number) => plannedLines.map((line) => ({ ...line, quantity: amount(line) })).filter((line) => line.quantity > 0);
  const leaving = part((line) => asked.get(line.lineId) ?? 0);
  if (leaving.length === 0) return refuse('nothing-to-dispatch');
  return accept({ leaving, staying: part((line) => line.quantity - (asked.get(line.lineId) ?? 0)) });
};

export const arriveShipment = (shipment: Shipment, by: string, now: Instant): Decision<ShipmentUnderWay, NewFact, 'not-yours-to-bring' | 'shipment-not-under-way'> => {
  if (by !== shipment.carrierId) return refuse('not-yours-to-bring');
  if (shipment.status !== 'dispatched') return refuse('shipment-not-under-way', { state: shipment.status });
  return accept({ ...shipment, status: 'arrived', arrivedAt: now }, ShipmentArrived.of({ ...transportOf(shipment), arrivedAt: isoOf(now) }));
};

/** The match was released. Goods already under way are not called back: the buyer counts them as they come. */
export const cancelShipment = (shipment: Shipment, reason: string): Decision<EndedShipment, NewFact, 'shipment-not-planned'> =>
  shipment.status === 'planned'
    ? accept({ ...shipment, status: 'cancelled', reason }, ShipmentCancelled.of({ ...transportOf(shipment), reason }))
    : refuse('shipment-not-planned', { state: shipment.status });

/** Why a shipment ends without a receipt: lost or late on the road, or it never left. */
export type Failure = 'not-arrived' | 'not-dispatched' | 'withdrawn-by-seller';

/** `remaining`: units of the match that are still planned or under way elsewhere; what this one carried counts as short. */
export const failShipment = (shipment: Shipment, reason: Failure, remaining: number): Decision<EndedShipment, NewFact, 'shipment-not-planned' | 'shipment-not-under-way'> => {
  if (reason === 'not-arrived' ? shipment.status !== 'dispatched' : shipment.status !== 'planned')
    return refuse(reason === 'not-arrived' ? 'shipment-not-under-way' : 'shipment-not-planned', { state: shipment.status });
  return accept({ ...shipment, status: 'failed', reason }, DeliveryFailed.of({ ...transportOf(shipment), reason, remaining }));
};

/** The fields every transport fact begins with. */
export const transportOf = ({ orderId, matchId, id, buyerId, sellerId, carrierId }: Shipment) => ({ orderId, matchId, shipmentId: id, buyerId, sellerId, carrierId });

export const unitsOf = (lines: readonly { readonly quantity: number }[]): number => lines.reduce((sum, line) => sum + line.quantity, 0);

const goodsOf = (shipment: Shipment) => ({ ...transportOf(shipment), lines: [...shipment.lines] });
const planned = (shipment: PlannedShipment): NewFact => ShipmentPlanned.of({ ...goodsOf(shipment), shipTo: shipment.shipTo, promisedBy: shipment.promisedBy });
