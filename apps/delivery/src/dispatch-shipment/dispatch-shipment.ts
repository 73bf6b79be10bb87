import { newId, refuse } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { done, type Caller } from '@peyvand/platform';
import { dispatchShipment, type Dispatch } from '../domain/shipment.js';
import { untilAfterPromise } from '../domain/patience.js';
import { shipmentView } from '../list-shipments/shipment-view.js';
import { isCarrier } from '../store/reference.store.js';
import { insertShipments, lockShipment, updateShipments } from '../store/shipment.store.js';
import { checkVersion } from '../version.js';

/** The goods leave; the storekeeper's one-time code is asked for in the same transaction and made outside the seller's sight. */
export const dispatch = async (tx: Tx, caller: Caller, id: string, command: Omit<Dispatch, 'by'>, graceDays: number) => {
  const stored = await lockShipment(tx, id);
  if (stored === undefined) return refuse('shipment-not-found');
  checkVersion(caller, stored.version);
  if (command.carrierId !== undefined && command.carrierId !== caller.party && !(await isCarrier(tx, command.carrierId))) return refuse('carrier-unknown');
  const decision = dispatchShipment(stored.shipment, { ...command, by: caller.party }, newId(), tx.now);
  if (!decision.ok) return decision;
  const { sent, rest } = decision.state;
  await updateShipments(tx, [{ shipment: sent, version: stored.version }]);
  if (rest !== undefined) await insertShipments(tx, [rest]);
  await tx.unschedule('delivery/dispatch-by', sent.id);
  const until = untilAfterPromise(sent.promisedBy, tx.now, graceDays);
  await tx.schedule([
    { kind: 'delivery/receipt-code', key: sent.id, dueAt: tx.now },
    { kind: 'delivery/arrive-by', key: sent.id, dueAt: until },
    ...(rest === undefined ? [] : [{ kind: 'delivery/dispatch-by', key: rest.id, dueAt: until }]),
  ]);
  await tx.publish(decision.events);
  const view = shipmentView({ shipment: sent, version: stored.version + 1 });
  return done(rest === undefined ? view : { ...view, further: { shipmentId: rest.id, lines: rest.lines } }, { status: 200 });
};
