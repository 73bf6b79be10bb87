import { newId, refuse, type Decision } from '@peyvand/kernel';
import type { NewFact } from '@peyvand/contracts';
import type { Tx } from '@peyvand/messaging';
import { done, type Caller } from '@peyvand/platform';
import { dispatchShipment, type Dispatch, type DispatchRefusal, type PlannedShipment, type ShipmentUnderWay } from '../domain/shipment.js';
import { untilAfterPromise } from '../domain/patience.js';
import { shipmentView } from '../list-shipments/shipment-view.js';
import { carrierIds } from '../store/reference.store.js';
import { insertShipments, lockShipments, updateShipments } from '../store/shipment.store.js';
import { checkVersion } from '../version.js';

export type DispatchCommand = Omit<Dispatch, 'by'> & { readonly shipmentId: string };
export type Dispatched = { readonly sent: ShipmentUnderWay; readonly rest?: PlannedShipment; readonly version: number };
export type DispatchOutcome = Decision<Dispatched, NewFact, DispatchRefusal | 'shipment-not-found' | 'shipment-twice' | 'carrier-unknown'>;

/** The goods of one shipment leave. */
export const dispatch = async (tx: Tx, caller: Caller, shipmentId: string, command: Omit<Dispatch, 'by'>, graceDays: number) => {
  const [outcome] = await dispatchMany(tx, caller, [{ ...command, shipmentId }], graceDays);
  if (outcome === undefined) throw new Error('A dispatch came back without an outcome');
  return outcome.ok ? done(dispatchView(outcome.state)) : outcome;
};

/**
 * Any number of shipments leave, with a handful of statements; one that is refused leaves the others alone. Answers in the order asked.
 * The storekeepers' one-time codes are asked for in the same transaction and made outside the seller's sight.
 */
export const dispatchMany = async (tx: Tx, caller: Caller, commands: readonly DispatchCommand[], graceDays: number): Promise<DispatchOutcome[]> => {
  const stored = new Map((await lockShipments(tx, [...new Set(commands.map((command) => command.shipmentId))])).map((one) => [one.shipment.id, one]));
  const carriers = new Set(commands.some(({ carrierId }) => carrierId !== undefined) ? await carrierIds(tx) : []);
  const left: Dispatched[] = [];
  const facts: NewFact[] = [];
  const outcomes = commands.map(({ shipmentId, ...command }): DispatchOutcome => {
    const found = stored.get(shipmentId);
    if (found === undefined) return refuse('shipment-not-found');
    checkVersion(caller, found.version);
    if (left.some(({ sent }) => sent.id === shipmentId)) return refuse('shipment-twice');
    if (command.carrierId !== undefined && command.carrierId !== caller.party && !carriers.has(command.carrierId)) return refuse('carrier-unknown');
    const decision = dispatchShipment(found.shipment, { ...command, by: caller.party }, newId(), tx.now);
    if (!decision.ok) return decision;
    left.push({ ...decision.state, version: found.version });
    facts.push(...decision.events);
    return { ...decision, state: { ...decision.state, version: found.version + 1 } };
  });
  await store(tx, left, graceDays);
  await tx.publish(facts);
  return outcomes;
};

const store = async (tx: Tx, left: readonly Dispatched[], graceDays: number): Promise<void> => {
  if (left.length === 0) return;
  await updateShipments(tx, left.map(({ sent, version }) => ({ shipment: sent, version })));
  await insertShipments(tx, left.flatMap(({ rest }) => rest ?? []));
  await tx.unschedule('delivery/dispatch-by', ...left.map(({ sent }) => sent.id));
  await tx.schedule(left.flatMap(({ sent, rest }) => {
    const until = untilAfterPromise(sent.promisedBy, tx.now, graceDays);
    return [
      { kind: 'delivery/receipt-code', key: sent.id, dueAt: tx.now },
      { kind: 'delivery/arrive-by', key: sent.id, dueAt: until },
      ...(rest === undefined ? [] : [{ kind: 'delivery/dispatch-by', key: rest.id, dueAt: until }]),
    ];
  }));
};

export const dispatchView = ({ sent, rest, version }: Dispatched) => {
  const view = shipmentView({ shipment: sent, version });
  return rest === undefined ? view : { ...view, further: { shipmentId: rest.id, lines: rest.lines } };
};
