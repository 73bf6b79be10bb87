import { MatchMade } from '@peyvand/contracts';
import { instant } from '@peyvand/kernel';
import { agreementOf, type Agreement } from '../src/domain/agreement.js';
import { planShipment, type Departure, type PlannedShipment, type Shipment } from '../src/domain/shipment.js';

// Test data: the hero story's match and a shipment of it in every state.
export const agreement: Agreement = agreementOf(MatchMade.sample);
export const noon = instant('2026-09-13T08:30:00Z');
const uuid = (n: number): string => `01938000-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const ids = { carrier: uuid(104), shipment: uuid(7), rest: uuid(8), receipt: uuid(9), invoice: uuid(10), note: uuid(11), dispute: uuid(12), stranger: uuid(999) };

export const plannedShipment: PlannedShipment = planShipment(agreement, { id: ids.shipment, carrierId: ids.carrier, secured: true }).state;
const departure: Departure = { waybill: '1405-88213', dispatchedAt: noon };

export const everyShipment: readonly Shipment[] = [
  plannedShipment,
  { ...plannedShipment, ...departure, status: 'dispatched' },
  { ...plannedShipment, ...departure, status: 'arrived', arrivedAt: noon },
  { ...plannedShipment, ...departure, status: 'received', receivedAt: noon },
  { ...plannedShipment, status: 'cancelled', reason: 'declined' },
  { ...plannedShipment, ...departure, status: 'failed', reason: 'not-arrived' },
];
export const shipmentIn = <S extends Shipment['status']>(status: S): Shipment & { status: S } => {
  const found = everyShipment.find((shipment) => shipment.status === status);
  if (found === undefined) throw new Error(`No sample shipment is ${status}`);
  return found as Shipment & { status: S };
};
