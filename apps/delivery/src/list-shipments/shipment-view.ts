import { isoOf } from '@peyvand/kernel';
import type { StoredShipment } from '../store/shipment.store.js';

/** A shipment as the API shows it: moments in ISO 8601. */
export const shipmentView = ({ shipment: { id, ...shipment }, version }: StoredShipment) => ({
  shipmentId: id,
  ...shipment,
  ...('dispatchedAt' in shipment && shipment.dispatchedAt !== undefined ? { dispatchedAt: isoOf(shipment.dispatchedAt) } : {}),
  ...('arrivedAt' in shipment && shipment.arrivedAt !== undefined ? { arrivedAt: isoOf(shipment.arrivedAt) } : {}),
  ...('receivedAt' in shipment ? { receivedAt: isoOf(shipment.receivedAt) } : {}),
  version,
});
