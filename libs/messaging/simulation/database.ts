import type { Pool } from 'pg';
import type { Actor, World } from './world.js';
import { failure, present, type Fields, type Row, type Transaction } from './rows.js';
import { Session } from './session.js';
import type { Statement } from './statement.js';
import { statements } from './statements.js';

export type FaultOfStatement = 'conflict' | 'deadlock' | 'cut' | 'commit-lost' | 'commit-unknown';

/** Postgres, as far as the messaging asks it: read committed, row locks, savepoints, and the ways in which it fails. */
export class Database {
  readonly tables = new Map<string, Map<string, Row>>();
  private commits = 0;
  private drawn = new Map<string, number>();
  private readonly sessions = new Set<Session>();
  awayUntil = 0;
  /** A disk that takes long to store what is committed. */
  slow = false;
  asked = 0;
  committing = 0;
  /** Which statement (or COMMIT), counted from 1, meets which fault. */
  faults = new Map<string, FaultOfStatement>();
  /** Called at every commit with the rows it changed. */
  onCommit: () => void = () => {};
  /** Called with those who wait for each other, the victim first. */
  onCircle: (circle: readonly Transaction[]) => void = () => {};

  constructor(readonly world: World, private readonly changed: ReadonlyMap<string, Statement> = new Map()) {}

  table(name: string): Map<string, Row> {
    let table = this.tables.get(name);
    if (table === undefined) this.tables.set(name, (table = new Map()));
    return table;
  }

  /** What anyone who looks now sees. */
  committed(name: string): Fields[] {
    return [...this.table(name).values()].flatMap((row): Fields[] => present(row.history.at(-1)?.fields));
  }

  lastOf(name: string): number {
    return this.drawn.get(name) ?? 0;
  }

  number(name: string): number {
    const next = this.lastOf(name) + 1;
    this.drawn.set(name, next);
    return next;
  }

  statement(text: string): Statement {
    const found = this.changed.get(text) ?? statements.get(text);
    if (found === undefined) throw new Error(`The simulated database does not know: ${text}`);
    return found;
  }

  get snapshot(): number {
    return this.commits;
  }

  commit(tx: Transaction): void {
    this.commits++;
    for (const row of tx.touched) if (row.pending?.by === tx) row.history.push({ since: this.commits, fields: row.pending.fields });
    this.end(tx);
    this.onCommit();
  }

  end(tx: Transaction): void {
    tx.over = true;
    for (const row of tx.touched) {
      if (row.pending?.by === tx) row.pending = undefined;
      row.holders.delete(tx);
    }
    for (const wake of tx.waiters.splice(0)) wake();
  }

  open(actor: Actor): Session {
    const session = new Session(this, actor);
    this.sessions.add(session);
    return session;
  }

  /** A process died or a network broke: its open transactions are rolled back by the server. */
  cut(which: (session: Session) => boolean): void {
    for (const session of this.sessions) if (which(session)) session.cut();
  }

  forget(session: Session): void {
    this.sessions.delete(session);
  }

  /** A pool of one process, in the shape the messaging uses. */
  poolOf(actor: Actor): Pool {
    const pool = {
      on: () => pool,
      connect: () => this.world.trip(() => {
        if (this.world.now < this.awayUntil) throw failure('ECONNREFUSED', 'connect ECONNREFUSED');
        return this.open(actor);
      }),
      query: async (asked: string | { text: string; values?: unknown[] }, values?: unknown[]) => {
        const session = this.open(actor);
        try {
          return await session.query(asked, values);
        } finally {
          this.forget(session);
        }
      },
    };
    return pool as unknown as Pool;
  }
}
