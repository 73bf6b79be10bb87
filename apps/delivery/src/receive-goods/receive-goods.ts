import type { NewFact } from '@peyvand/contracts';
import { newId, refuse, type Decision } from '@peyvand/kernel';
import { transact, type Source, type Tx } from '@peyvand/messaging';
import type { Caller } from '@peyvand/platform';
import { settleDispute } from '../domain/dispute.js';
import { checkCode, mostAttempts, type CodeRefusal, type ReceiptCode } from '../domain/receipt-code.js';
import { acceptedUnits, receiveShipment, type CountedLine, type Receipt, type ReceiptRefusal } from '../domain/receipt.js';
import { unitsOf, type ReceivedShipment } from '../domain/shipment.js';
import { hashCode } from '../issue-receipt-code/hash-code.js';
import { lockUncounted, updateDispute } from '../store/dispute.store.js';
import { invoiceReceived } from '../standing-invoicing/invoice-received.js';
import { waitForNextStep } from '../on-overdue/wait.js';
import { lockMatches } from '../store/match.store.js';
import { countWrongTries, dropCodes, findCodes, insertReceipts } from '../store/receipt.store.js';
import { lockShipments, matchesOf, unitsUnderWay, updateShipments, type StoredShipment } from '../store/shipment.store.js';

export type Count = { readonly shipmentId: string; readonly code: string; readonly lines: readonly CountedLine[] };
export type Received = { readonly shipment: ReceivedShipment; readonly receipt: Receipt; readonly remaining: number };
export type ReceiveRefusal = ReceiptRefusal | CodeRefusal | 'shipment-not-found' | 'shipment-twice';
export type Outcome = Decision<Received, NewFact, ReceiveRefusal>;

/** Wrong codes are counted in a transaction of their own: the refusal that follows rolls back everything else. */
export const countTries = (source: Source, caller: Caller, counts: readonly Count[]): Promise<void> =>
  transact(source, (tx) => countWrongTries(tx, counts.map(({ shipmentId, code }) => ({ shipmentId, hash: hashCode(shipmentId, code) })), mostAttempts),
    { as: { role: 'http', parties: [caller.party] } });

/** Counts any number of shipments with a handful of statements; one that is refused leaves the others alone. Answers in the order asked. */
export const receiveGoods = async (tx: Tx, caller: Caller, counts: readonly Count[], graceDays: number): Promise<Outcome[]> => {
  const ids = [...new Set(counts.map((count) => count.shipmentId))];
  const matchIds = await matchesOf(tx, ids);
  await lockMatches(tx, matchIds);
  const stored = new Map((await lockShipments(tx, ids)).map((one) => [one.shipment.id, one]));
  const codes = await findCodes(tx, ids);
  const remaining = await unitsUnderWay(tx, matchIds);

  const done: Done[] = [];
  const outcomes = counts.map((count): Outcome => {
    const found = stored.get(count.shipmentId);
    if (found === undefined) return refuse('shipment-not-found');
    if (done.some(({ received }) => received.shipment.id === count.shipmentId)) return refuse('shipment-twice');
    const { matchId, lines } = found.shipment;
    const left = (remaining.get(matchId) ?? 0) - unitsOf(lines);
    const decision = decide(caller, found, codes.get(count.shipmentId), count, { receiptId: newId(), now: tx.now, remaining: left });
    if (!decision.ok) return decision;
    remaining.set(matchId, left);
    const received = { ...decision.state, remaining: left };
    done.push({ received, version: found.version, events: decision.events });
    return { ...decision, state: received };
  });
  await store(tx, caller, done, graceDays);
  return outcomes;
};

type Given = Parameters<typeof receiveShipment>[3];

/** Whose it is and whether it is under way come before the code, the code before what was counted. */
const decide = (caller: Caller, { shipment }: StoredShipment, code: ReceiptCode | undefined, count: Count, given: Given) => {
  const decision = receiveShipment(shipment, caller.party, count.lines, given);
  if (!decision.ok && (decision.reason === 'not-yours-to-receive' || decision.reason === 'shipment-not-under-way')) return decision;
  const checked = checkCode(code, hashCode(shipment.id, count.code), Date.now());
  return checked.ok ? decision : checked;
};

type Done = { readonly received: Received; readonly version: number; readonly events: readonly NewFact[] };

const store = async (tx: Tx, caller: Caller, done: readonly Done[], graceDays: number): Promise<void> => {
  if (done.length === 0) return;
  const ids = done.map(({ received }) => received.shipment.id);
  await updateShipments(tx, done.map(({ received: { shipment }, version }) => ({ shipment, version })));
  await insertReceipts(tx, done.map(({ received }) => received), caller.subject);
  await dropCodes(tx, ids);
  await tx.unschedule('delivery/arrive-by', ...ids);
  await tx.unschedule('delivery/count-by', ...ids);
  for (const { events } of done) await tx.publish(events);
  await endWaits(tx, ids);
  const settled = await invoiceReceived(tx, done.map(({ received }) => received));
  const open = done.filter(({ received: { receipt, shipment } }) => acceptedUnits(receipt) > 0 && !settled.has(shipment.id));
  await waitForNextStep(tx, open.map(({ received }) => received.shipment.id), graceDays);
};

/** Disputes that only asked for the count have what they asked for. */
const endWaits = async (tx: Tx, shipmentIds: readonly string[]): Promise<void> => {
  for (const { dispute, version } of await lockUncounted(tx, shipmentIds)) {
    const decision = settleDispute(dispute, { party: dispute.buyerId, operator: false }, 'upheld');
    if (!decision.ok) continue;
    await updateDispute(tx, { dispute: decision.state, version });
    await tx.publish(decision.events);
  }
};
