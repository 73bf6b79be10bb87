import { insertInbox, ownInbox, sideQueueHeads } from '../src/consume/inbox.js';
import { forgetAndRead } from '../src/relay.js';
import { leaveQueue, loadQueue, lockHead } from '../src/consume/queue.js';
import { parkAtOnce } from '../src/consume/unreadable.js';
import { claimDeadlines } from '../src/due/deadlines.js';
import { claimErrands } from '../src/due/errands.js';
import { takeMany, takeOne } from '../src/due/row.js';
import { setDeadlines } from '../src/store/open-tx.js';
import { lastSeq } from '../src/replay.js';
import { takeTurn } from '../src/transact.js';
import type { Fields, Row, View } from './rows.js';
import { listOf } from './literal.js';
import type { Statement } from './statement.js';
import { factRow, statements } from './statements.js';

/** A way to build it wrongly: other answers to some statements, made anew for each run, a broker that is told too early, or a group that hears too early. */
export type Variant = { readonly statements?: () => ReadonlyMap<string, Statement>; readonly eagerOffsets?: boolean; readonly hearsWhileItReplays?: boolean };

const cursorRelay = (): Statement => {
  let last = 0;
  return (view, [most]) => {
    const rows = view.scan('facts', (fact) => (fact.seq as number) > last).map(({ fields }) => fields).sort((a, b) => (a.seq as number) - (b.seq as number)).slice(0, Number(most));
    view.change('unsent', (row) => (row.seq as number) <= last, () => undefined);
    last = Number(rows.at(-1)?.seq ?? last);
    return rows.map(factRow);
  };
};

const everythingIsNew: [string, Statement][] = [[insertInbox, (_, [, ids]) => listOf(ids).length], [ownInbox, (_, [, ids]) => listOf(ids).map((id): Fields => ({ id }))]];

/** The statement as it should be, its rows the other way round. */
const backwards = (text: string): Statement => (view, values) => {
  const rows = statements.get(text)?.(view, values);
  return Array.isArray(rows) ? rows.reverse() : 0;
};

/** Claims errands and deletes them before they are done. */
const claimedAway: Statement = (view, values) => {
  const claimed = statements.get(claimErrands)?.(view, values) as Fields[];
  for (const { kind, key } of claimed) view.change('deadlines', (one) => one.kind === kind && one.key === key, () => undefined);
  return claimed;
};

/** Deadlines whose versions begin at 0 whenever their row is new. */
const countedByRow: Statement = (view, values) => {
  const before = new Map(view.scan('deadlines', () => true).map(({ row, fields }) => [row, fields.version as number]));
  const count = statements.get(setDeadlines)?.(view, values) ?? 0;
  for (const { row, fields } of view.scan('deadlines', () => true)) if (fields.version !== before.get(row)) view.put(row, { ...fields, version: (before.get(row) ?? -1) + 1 });
  return count;
};

/** A statement that reads and locks nothing. */
const unlocked = (text: string): Statement => (view, values) => statements.get(text)?.({
  now: view.now, scan: (table: string, wanted: (fields: Fields) => boolean) => view.scan(table, wanted), lock: ({ history }: Row) => history.at(-1)?.fields,
} as unknown as View, values) ?? 0;

/** What the properties must find. No switch for these exists in production code. */
export const variants: Readonly<Record<string, Variant>> = {
  'no-inbox': { statements: () => new Map(everythingIsNew) },
  'side-queues-overlooked': { statements: () => new Map([[sideQueueHeads, () => []]]) },
  'relay-by-cursor': { statements: () => new Map([[forgetAndRead, cursorRelay()]]) },
  'deadline-not-taken-away': { statements: () => new Map([[takeOne, (view, [kind, key]) => view.scan('deadlines', (one) => one.kind === kind && one.key === key).length]]) },
  'deadlines-backwards': { statements: () => new Map([[claimDeadlines, backwards(claimDeadlines)]]) },
  'fact-stays-in-its-queue': { statements: () => new Map([[leaveQueue, () => 1]]) },
  'side-queues-unlocked': { statements: () => new Map([lockHead, loadQueue, sideQueueHeads].map((text) => [text, unlocked(text)])) },
  'errand-forgotten-when-claimed': { statements: () => new Map([[claimErrands, claimedAway], [takeOne, () => 1], [takeMany, (_, [, keys]) => listOf(keys).map((key): Fields => ({ key }))]]) },
  'errand-versions-counted-by-row': { statements: () => new Map([[setDeadlines, countedByRow]]) },
  'unreadable-let-go': { statements: () => new Map([[parkAtOnce, () => 1]]) },
  'turns-not-taken': { statements: () => new Map([[takeTurn, () => []]]) },
  'replay-without-an-end': { statements: () => new Map([[lastSeq, () => [{ seq: '1000000' }]]]) },
  'replay-beside-the-topic': { hearsWhileItReplays: true },
  'offset-first': { eagerOffsets: true },
};
