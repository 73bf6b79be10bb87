import { insertInbox, ownInbox, sideQueueHeads } from '../src/consume/inbox.js';
import { forgetAndRead } from '../src/relay.js';
import { takeOne } from '../src/due/row.js';
import type { Fields } from './database.js';
import { listOf } from './literal.js';
import { factRow, type Statement } from './statements.js';

/** A way to build it wrongly: other answers to some statements, made anew for each run, or a broker that is told too early. */
export type Variant = { readonly statements?: () => ReadonlyMap<string, Statement>; readonly eagerOffsets?: boolean };

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

/** What the properties must find. No switch for these exists in production code. */
export const variants: Readonly<Record<string, Variant>> = {
  'no-inbox': { statements: () => new Map(everythingIsNew) },
  'side-queues-overlooked': { statements: () => new Map([[sideQueueHeads, () => []]]) },
  'relay-by-cursor': { statements: () => new Map([[forgetAndRead, cursorRelay()]]) },
  'deadline-not-taken-away': { statements: () => new Map([[takeOne, (view, [kind, key]) => view.scan('deadlines', (one) => one.kind === kind && one.key === key).length]]) },
  'offset-first': { eagerOffsets: true },
};
