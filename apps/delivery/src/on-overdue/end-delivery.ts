import { refuse } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { failShipment, unitsOf, type Failure } from '../domain/shipment.js';
import { lockMatches } from '../store/match.store.js';
import { findShipment, lockShipment, unitsUnderWay, updateShipments, type StoredShipment } from '../store/shipment.store.js';

/** Ends a shipment without a receipt and says what of its match remains. */
export const endDelivery = async (tx: Tx, id: string, reason: Failure, check: (stored: StoredShipment) => void = () => {}) => {
  const matchId = (await findShipment(tx, id))?.shipment.matchId;
  if (matchId === undefined) return refuse('shipment-not-found');
  await lockMatches(tx, [matchId]);
  const stored = await lockShipment(tx, id);
  if (stored === undefined) return refuse('shipment-not-found');
  check(stored);
  const units = (await unitsUnderWay(tx, [matchId])).get(matchId) ?? 0;
  const decision = failShipment(stored.shipment, reason, units - unitsOf(stored.shipment.lines));
  if (!decision.ok) return decision;
  await updateShipments(tx, [{ shipment: decision.state, version: stored.version }]);
  await tx.unschedule('delivery/dispatch-by', id);
  await tx.publish(decision.events);
  return { ok: true as const, shipment: decision.state, version: stored.version + 1 };
};
