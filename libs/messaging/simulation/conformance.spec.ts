import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PoolClient } from 'pg';
import * as inbox from '../src/consume/inbox.js';
import * as queue from '../src/consume/queue.js';
import * as redrive from '../src/consume/redrive.js';
import * as retries from '../src/consume/retries.js';
import { parkAtOnce } from '../src/consume/unreadable.js';
import { claimDeadlines } from '../src/due/deadlines.js';
import * as errands from '../src/due/errands.js';
import * as due from '../src/due/row.js';
import type { Source } from '../src/index.js';
import { releaseLease, takeLease } from '../src/lease.js';
import { forgetAndRead } from '../src/relay.js';
import { lastSeq, readLog } from '../src/replay.js';
import { dropDeadlines, setDeadlines } from '../src/store/open-tx.js';
import { appendFacts } from '../src/store/publish.js';
import { newSource } from '../test-support/database.js';
import { Database } from './database.js';
import type { Session } from './session.js';
import { takeTurn } from '../src/transact.js';
import { findEffect, statements, useLimit, writeEffect } from './statements.js';
import { drawFrom, World, type Actor } from './world.js';

// Waits and times are whole hours, so that both clocks, which stand at different moments, see the same things as past and as future.
const hour = 3_600_000;
const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const past = (n: number): string => new Date(Date.parse('2020-01-01T00:00:00Z') + n * hour).toISOString();

type Ask = { readonly session: number; readonly text: string; readonly values: readonly unknown[] };

/** A statement of the messaging with values from a small world, so that statements meet each other's rows. */
const asks = (draw: (below: number) => number): (readonly [string, readonly unknown[]])[] => {
  const [n, key, group] = [draw(6), `k${draw(2)}`, 'g'];
  const some = [...new Set([draw(6), draw(6)])];
  const lists = [some.map(id), some.map(() => key), some.map((one) => `t${one % 2}`), some.map(() => 'type'), some.map((one) => JSON.stringify({ n: one, text: 'a "quoted" \\ one' }))];
  const awkward = ['plain', 'plain', '\0', '\ud83d', '\\u0000'][draw(5)];
  const wait = (draw(2) * 2 - 1) * hour;
  return [
    [takeLease, ['relay', `holder${draw(2)}`, wait]], [releaseLease, ['relay', `holder${draw(2)}`]],
    [appendFacts, [[id(n)], ['type'], [key], [past(n)], [null], ['story'], [null], [null], ['{}'], [`{"n":${n}}`]]],
    [forgetAndRead, [draw(3), some.map((one) => one + 1), 'holder0', String(1 + draw(2))]],
    [lastSeq, []], [readLog, [String(draw(2)), String(1 + draw(5)), ['type'], 1 + draw(3)]],
    [inbox.insertInbox, [group, some.map(id)]], [inbox.ownInbox, [group, some.map(id)]],
    [inbox.sideQueueHeads, [group, ['k0', 'k1']]], [inbox.appendToSideQueues, [group, ...lists]],
    [parkAtOnce, [group, id(n), `unreadable/${id(n)}`, 't0', 'type', JSON.stringify({ text: awkward }), awkward === 'plain' && draw(3) === 0 ? 'a \0' : 'why']],
    [queue.lockHead, [group, key]], [queue.loadQueue, [group, key]], [queue.leaveQueue, [group, id(n)]],
    [queue.bookAttempt, [group, id(n), ['parked', 'retrying', 'waiting'][draw(3)], draw(4), 'why', wait, wait]],
    [retries.dueKeys, [group]], [retries.orphans, [group]],
    [redrive.lockParkedFacts, [group, draw(2) === 0 ? key : null, null, null]], [redrive.setFactsGoing, [group, some.map(id)]],
    [redrive.lockParkedDeadlines, [null, null]], [redrive.setDeadlinesGoing, [['due'], [key]]],
    [setDeadlines, [['due', 'other'], [key, key], [past(n), past(draw(6))], ['{"a":1}', 'null'], [null, 'story']]],
    [dropDeadlines, ['other', [key]]], [claimDeadlines, [['due', 'other'], past(draw(8)), 1 + draw(3)]],
    [due.takeOne, ['due', key, String(1 + draw(4))]], [due.takeMany, ['other', ['k0', 'k1'], [String(1 + draw(4)), String(1 + draw(4))]]],
    [due.bookTry, ['due', key, String(1 + draw(4)), 1, 'why', ['due', 'parked'][draw(2)], wait]], [due.upcoming, [['due', 'other']]],
    [errands.claimErrands, [['due', 'other'], past(draw(8)), 1 + draw(2), wait]], [errands.keepErrands, ['other', [key], [String(1 + draw(4))], wait]],
    [errands.freeErrands, ['due', [key]]], [errands.freeErrand, ['other', key]],
    [writeEffect, ['me', id(n), key, n]], [findEffect, ['me', key, n]], [useLimit, [key]], [takeTurn, []],
  ];
};

/** Two sessions in turn; now and then a savepoint, an end or a new beginning. */
const sequence = (seed: number): Ask[] => {
  const draw = drawFrom(seed * 7919);
  const list: Ask[] = [];
  const inside = [false, false];
  const saved = [false, false];
  const say = (session: number, text: string): void => void list.push({ session, text, values: [] });
  for (let step = 0; step < 24; step++) {
    const session = draw(2);
    const turn = draw(8);
    if (inside[session] !== true && turn < 5) {
      say(session, 'BEGIN');
      inside[session] = true;
    } else if (inside[session] === true && turn === 0) {
      say(session, draw(3) === 0 ? 'ROLLBACK' : 'COMMIT');
      inside[session] = saved[session] = false;
    } else if (inside[session] === true && turn === 1) {
      say(session, saved[session] === true ? (draw(2) === 0 ? 'RELEASE SAVEPOINT one' : 'ROLLBACK TO SAVEPOINT one; RELEASE SAVEPOINT one') : 'SAVEPOINT one');
      saved[session] = saved[session] !== true;
    }
    const all = asks(draw);
    const [text, values] = all[draw(all.length)] as (typeof all)[number];
    list.push({ session, text, values });
  }
  for (const session of [0, 1]) if (inside[session] === true) say(session, 'COMMIT');
  return list;
};

const moments = ['recordedtime', 'retry_ms', 'ms', 'command'];
const shown = (rows: readonly object[], count: number | null): string =>
  JSON.stringify({ rows: rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !moments.includes(name)).sort())).map((row) => JSON.stringify(row)).sort(), count });

/** What each ask came to, in the order of the asking: an answer, an error's code, or that it waited first. */
type Run = (asks: readonly Ask[]) => Promise<string[]>;

/** Gives each statement a while; one that waits is asked for again when the other session has gone on. A session that waits is passed over. */
const play = async (list: readonly Ask[], query: (session: number, ask: Ask) => Promise<string>, settled: (open: Promise<string>, session: number) => Promise<boolean>): Promise<string[]> => {
  const answers: string[] = list.map(() => 'passed over');
  const open: (Promise<string> | undefined)[] = [undefined, undefined];
  const collect = async (session: number, index: number, asked: Promise<string>, again: boolean): Promise<void> => {
    const isSettled = await settled(asked, session);
    if (isSettled) {
      answers[index] = `${again ? 'waited, ' : ''}${await asked}`;
      open[session] = undefined;
    } else open[session] = asked;
  };
  const waiting: (number | undefined)[] = [undefined, undefined];
  for (const [index, ask] of list.entries()) {
    if (open[ask.session] !== undefined) continue;
    const asked = query(ask.session, ask);
    await collect(ask.session, index, asked, false);
    if (open[ask.session] !== undefined) waiting[ask.session] = index;
    const other = 1 - ask.session;
    const pending = open[other];
    if (pending !== undefined) await collect(other, waiting[other] as number, pending, true);
  }
  return answers;
};

let source: Source;
beforeAll(async () => {
  source = await newSource('orders');
  await source.data.query('create table limits (name text primary key, used int not null)');
});
afterAll(() => source.data.destroy());

const onPostgres: Run = async (list) => {
  await source.pool.query('truncate facts, unsent, inbox, parked, deadlines, leases, effect, limits restart identity; alter sequence facts_seq restart; alter sequence deadline_versions restart with 1');
  const clients: PoolClient[] = [await source.pool.connect(), await source.pool.connect()];
  try {
    for (const client of clients) await client.query(`set deadlock_timeout = '5ms'`);
    return await play(list,
      (session, { text, values }) => (clients[session] as PoolClient).query({ text, values: values as unknown[] }).then((result) => {
        const last = (Array.isArray(result) ? result.at(-1) : result) as { rows: object[]; rowCount: number | null };
        return text.startsWith('R') || text.startsWith('S') || text === 'BEGIN' || text === 'COMMIT' ? 'done' : shown(last.rows, last.rowCount);
      }, (error: { code?: string }) => `error ${String(error.code)}`),
      // Waiting for a lock shows in the server, not in how long it takes; a circle is found within 5 ms.
      async (asked, session) => {
        let answered = false;
        void asked.then(() => (answered = true));
        for (let waiting = 0; waiting < 8; ) {
          await new Promise((resolve) => setTimeout(resolve, waiting === 0 ? 1 : 4));
          if (answered) return true;
          const { rows } = await source.pool.query(`select wait_event_type = 'Lock' as waits from pg_stat_activity where pid = $1`, [(clients[session] as unknown as { processID: number }).processID]);
          waiting = (rows[0] as { waits: boolean | null }).waits === true ? waiting + 1 : 0;
        }
        return answered;
      });
  } finally {
    for (const client of clients) {
      await client.query('ROLLBACK');
      client.release();
    }
  }
};

const onSimulation: Run = async (list) => {
  const world = new World(1);
  world.now = Date.now();
  const database = new Database(world);
  const actors = [0, 1].map((n): Actor => ({ name: `s${n}`, dead: false, pausedUntil: 0 }));
  const sessions = actors.map((actor): Session => database.open(actor));
  return play(list,
    (session, { text, values }) => (sessions[session] as Session).query({ text, values: values as unknown[] }).then((result) =>
      (text.startsWith('R') || text.startsWith('S') || text === 'BEGIN' || text === 'COMMIT' ? 'done' : shown(result.rows, result.rowCount)),
    (error: { code?: string }) => `error ${String(error.code)}`),
    async (asked) => {
      let answered = false;
      void asked.then(() => (answered = true));
      await world.run(50);
      return answered;
    });
};

describe('the simulated database answers as Postgres does', () => {
  it('knows every statement that is asked here', () => {
    const asked = new Set(asks(drawFrom(1)).map(([text]) => text));
    expect([...statements.keys()].filter((text) => !asked.has(text)).length).toBeLessThanOrEqual(2); // upkeep and the time of the next try have nothing to compare
  });

  it.each([1, 2, 3])('in thirty sequences of two sessions, lot %i', async (lot) => {
    for (let seed = lot * 1_000; seed < lot * 1_000 + 30; seed++) {
      const list = sequence(seed);
      const [real, simulated] = [await onPostgres(list), await onSimulation(list)];
      const tell = (answers: readonly string[]): string[] => answers.map((answer, at) => `${seed}.${at} s${list[at]?.session} ${list[at]?.text.trim().replace(/\s+/g, ' ').slice(0, 90)} ${JSON.stringify(list[at]?.values)} → ${answer}`);
      expect(tell(simulated)).toEqual(tell(real));
    }
  });
});
