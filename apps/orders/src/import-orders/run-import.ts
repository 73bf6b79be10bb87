import { setTimeout as sleep } from 'node:timers/promises';
import { transact, type Source, type Tx } from '@peyvand/messaging';
import { ordersTaken } from '../store/order.store.js';
import { askForAllRounds } from '../store/queue.store.js';
import { checkOrders } from '../submit-order/check-orders.js';
import type { OrderFault } from '../submit-order/new-order.js';
import { submitOrders } from '../submit-order/submit-order.js';
import { awaitListeners, excludeRows, findImport, moveImport, Overtaken, type FaultyRow, type Import } from './store/import.store.js';
import { stageFile } from './stage-file.js';
import { byRow, loadChunk, withoutRows, type StagedOrder } from './staged-orders.js';

/**
 * Carries an import from received to its end, from wherever an earlier run stopped: received → staging (rows read) → staged (orders
 * checked) → committing (orders submitted) → done or failed. Every step is a transaction that moves the import's own counter, so a
 * crash repeats at most a step that left nothing, and of two workers only one makes a step.
 */
export const runImport = async (source: Source, importId: string): Promise<void> => {
  for (;;) {
    const found = await transact(source, (tx) => findImport(tx, importId), { readOnly: true });
    if (found === undefined || ['receiving', 'cut', 'done', 'failed'].includes(found.state)) return;
    try {
      await advance(source, found);
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
      // Another worker has it. Going away would end the errand while that one may still be killed: look again a little later.
      await sleep(overtakenMs);
    }
  }
};

/** Wall milliseconds. */
const overtakenMs = 200;

const advance = async (source: Source, found: Import): Promise<void> => {
  switch (found.state) {
    case 'received': return transact(source, (tx) => moveImport(tx, found.importId, 'received', 'staging'));
    case 'staging': return stageFile(source, found);
    case 'staged': return transact(source, (tx) => (found.chunksChecked < found.chunks && !takesValidRows(found) ? checkChunk(tx, found) : decideImport(tx, found)));
    default: return transact(source, (tx) => (found.chunksCommitted < found.chunks ? commitChunk(tx, found) : endImport(tx, found)));
  }
};

/** Then no fault forbids what is without fault: orders are checked as they are submitted, and not all of them before. */
const takesValidRows = ({ mode, onFault }: Import): boolean => mode === 'commit' && onFault === 'valid-only';

/** Looks up everything the chunk's orders name, and which PO numbers are used already; faulty rows are set aside. */
const checkChunk = async (tx: Tx, found: Import): Promise<void> => {
  await step(tx, found, 'chunks_checked', found.chunksChecked);
  const { orders, faulty } = await loadChunk(tx, found, found.chunksChecked);
  const { faults } = await checkOrders(tx, buyerOf(found), orders.map(({ order }) => order));
  const taken = await takenFaults(tx, found, orders);
  await excludeRows(tx, found, [...faulty, ...byRow(found, orders, [...faults.filter(({ order }) => !taken.some((one) => one.order === order)), ...taken])]);
};

const takenFaults = async (tx: Tx, found: Import, orders: readonly StagedOrder[]): Promise<OrderFault[]> => {
  const taken = await ordersTaken(tx, found.buyerId, orders.map(({ order }) => order.poNumber));
  return orders.flatMap(({ order }, index): OrderFault[] => (taken.has(order.poNumber) ? [{ order: index, path: 'poNumber', code: 'po-number-taken' }] : []));
};

/** A preview ends here; a commit goes on unless faults forbid it. */
const decideImport = async (tx: Tx, { importId, mode, onFault, linesValid, rowsRead }: Import): Promise<void> => {
  if (rowsRead === 0) return moveImport(tx, importId, 'staged', 'failed', 'no-rows');
  if (mode === 'preview') return moveImport(tx, importId, 'staged', 'done');
  if (onFault === 'refuse-all' && linesValid < rowsRead) return moveImport(tx, importId, 'staged', 'failed', 'has-faults');
  return linesValid === 0 ? moveImport(tx, importId, 'staged', 'failed', 'nothing-valid') : moveImport(tx, importId, 'staged', 'committing');
};

/** Submits the chunk's orders. What the check could not foresee (a PO number used meanwhile) is told as faults like any other. */
const commitChunk = async (tx: Tx, found: Import): Promise<void> => {
  await step(tx, found, 'chunks_committed', found.chunksCommitted);
  const { orders, faulty } = await loadChunk(tx, found, found.chunksCommitted);
  const { kept, told } = await submitStaged(tx, found, orders);
  await excludeRows(tx, found, [...faulty, ...told]);
  const lines = kept.flatMap(({ order }) => order.lines);
  await tx.run('update imports set orders_committed = orders_committed + $2, lines_committed = lines_committed + $3, quantity_committed = quantity_committed + $4 where import_id = $1',
    [found.importId, kept.length, lines.length, lines.reduce((sum, { quantity }) => sum + quantity, 0)]);
};

/** Answers the orders that were submitted and the rows that were not. Where valid rows are taken, an order with faulty ones goes on without them. */
const submitStaged = async (tx: Tx, found: Import, orders: readonly StagedOrder[]): Promise<{ kept: StagedOrder[]; told: FaultyRow[] }> => {
  const { submitted, faults } = await submitOrders(tx, buyerOf(found), orders.map(({ order }) => order));
  const kept = submitted.flatMap(({ index }) => orders[index] ?? []);
  if (faults.length === 0) return { kept, told: [] };
  if (!takesValidRows(found)) return { kept, told: byRow(found, orders, asWholes(faults)) };
  const told = byRow(found, orders, faults);
  const done = new Set(submitted.map(({ index }) => index));
  const rest = await submitStaged(tx, found, withoutRows(orders.filter((_, index) => !done.has(index)), told));
  return { kept: [...kept, ...rest.kept], told: [...told, ...rest.told] };
};

/** One faulty line holds its whole order back; the rows beside it are told so too. */
const asWholes = (faults: readonly OrderFault[]): OrderFault[] => [...new Map(faults.map((fault) => [fault.order, fault])).values()].map((fault) => ({ ...fault, path: 'poNumber' }));

/** The last order is submitted: the rounds that waited for the whole file may begin. */
const endImport = async (tx: Tx, { importId, ordersCommitted }: Import): Promise<void> => {
  if (ordersCommitted === 0) return moveImport(tx, importId, 'committing', 'failed', 'nothing-valid');
  await awaitListeners(tx, importId);
  await moveImport(tx, importId, 'committing', 'done');
  await askForAllRounds(tx);
};

/** Counts the step first: whoever comes second waits for the row and then finds it counted. */
const step = async (tx: Tx, { importId, state }: Import, counter: 'chunks_checked' | 'chunks_committed', from: number): Promise<void> => {
  const moved = await tx.run(`update imports set ${counter} = ${counter} + 1, touched_at = clock_timestamp() where import_id = $1 and ${counter} = $2 and state = $3`, [importId, from, state]);
  if (moved !== 1) throw new Overtaken();
};

const buyerOf = ({ buyerId, submittedBy }: Import): { party: string; subject: string } => ({ party: buyerId, subject: submittedBy });
