import type { Pool } from 'pg';
import type { Actor, World } from './world.js';
import { statements, type Statement } from './statements.js';

export type Fields = Record<string, unknown>;
/** A row through time: what was committed when, what its writer has pending, and who holds it. */
export type Row = { readonly key: string; history: { readonly since: number; readonly fields: Fields | undefined }[]; pending?: { by: Transaction; fields: Fields | undefined; /** Behind a savepoint, hence under another transaction number. */ behind: boolean } | undefined; holders: Map<Transaction, 'share' | 'update'> };

/** Thrown inside a statement that must wait for another transaction. */
export class Blocked {
  constructor(readonly by: Transaction) {}
}

export const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });

export class Transaction {
  undo: (() => void)[] = [];
  readonly touched = new Set<Row>();
  /** Rows in the order they were locked: going back to a savepoint lets go of those locked since, a statement that must wait keeps them. */
  readonly locked: { readonly row: Row; readonly before: 'share' | undefined }[] = [];
  readonly savepoints: { readonly name: string; readonly mark: number; readonly locks: number }[] = [];
  failed = false;
  over = false;
  waitsFor: Transaction | undefined;
  readonly waiters: (() => void)[] = [];
}

export type FaultOfStatement = 'conflict' | 'deadlock' | 'cut' | 'commit-lost' | 'commit-unknown';

/** Postgres, as far as the messaging asks it: read committed, row locks, savepoints, and the ways in which it fails. */
export class Database {
  readonly tables = new Map<string, Map<string, Row>>();
  private commits = 0;
  private drawn = new Map<string, number>();
  private readonly sessions = new Set<Session>();
  awayUntil = 0;
  asked = 0;
  committing = 0;
  /** Which statement (or COMMIT), counted from 1, meets which fault. */
  faults = new Map<string, FaultOfStatement>();
  /** Called at every commit with the rows it changed. */
  onCommit: () => void = () => {};

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

  number(name: string): number {
    const next = (this.drawn.get(name) ?? 0) + 1;
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

type Answer = { command: string; rows: Fields[]; rowCount: number };
const done = (command: string): Answer => ({ command, rows: [], rowCount: 0 });
const broken = () => failure('', 'Connection terminated unexpectedly');

export class Session {
  tx: Transaction | undefined;
  private lost = false;
  private reject: ((error: Error) => void) | undefined;

  constructor(private readonly database: Database, readonly actor: Actor) {}

  on(): void {}
  off(): void {}

  release(): void {
    if (this.tx !== undefined) this.cut();
    this.database.forget(this);
  }

  cut(): void {
    this.lost = true;
    if (this.tx !== undefined) this.database.end(this.tx);
    this.tx = undefined;
    const reject = this.reject;
    this.reject = undefined;
    if (reject !== undefined) this.database.world.later(0, () => reject(broken()), this.actor);
  }

  query(asked: string | { text: string; values?: unknown[] }, more: unknown[] = []): Promise<Answer> {
    const [text, values] = typeof asked === 'string' ? [asked, more] : [asked.text, asked.values ?? []];
    const { world } = this.database;
    return new Promise<Answer>((resolve, reject) => {
      this.reject = reject;
      const answer = (settle: () => void) => world.later(world.draw(3), () => {
        this.reject = undefined;
        settle();
      }, this.actor);
      const fail = (error: Error) => {
        if (this.tx !== undefined) this.tx.failed = true;
        answer(() => reject(error));
      };
      const snapshots = { at: -1 };
      const attempt = (): void => {
        if (this.lost) return fail(broken());
        try {
          const result = this.perform(text, values, snapshots);
          answer(() => (this.lost ? reject(broken()) : resolve(result)));
        } catch (caught) {
          if (!(caught instanceof Blocked)) return fail(caught as Error);
          if (this.tx === undefined) return void world.arrive(1, attempt, world.outside);
          if (circle(this.tx, caught.by)) return fail(failure('40P01', 'deadlock detected'));
          this.tx.waitsFor = caught.by;
          caught.by.waiters.push(() => world.arrive(0, attempt, world.outside));
        }
      };
      world.arrive(world.draw(3), attempt, { name: this.actor.name, dead: false, pausedUntil: 0 });
    });
  }

  private perform(text: string, values: unknown[], snapshots: { at: number }): Answer {
    const { database } = this;
    const { world } = database;
    if (this.tx !== undefined) this.tx.waitsFor = undefined;
    if (world.now < database.awayUntil) {
      this.cut();
      throw broken();
    }
    if (snapshots.at < 0) {
      const asked = text === 'COMMIT' ? database.faults.get(`commit ${++database.committing}`) : database.faults.get(`statement ${++database.asked}`);
      // Only what touches rows can meet another's.
      const fault = (asked === 'conflict' || asked === 'deadlock') && /^(BEGIN|SAVEPOINT|RELEASE|ROLLBACK)/.test(text) ? undefined : asked;
      if (fault !== undefined) world.tell(() => `FAULT ${fault} at ${brief(text)}`);
      if (fault === 'commit-unknown' && this.tx !== undefined && !this.tx.failed) {
        const tx = this.tx;
        this.tx = undefined;
        database.commit(tx);
      }
      if (fault === 'cut' || fault === 'commit-lost' || fault === 'commit-unknown') {
        this.cut();
        throw broken();
      }
      if (fault === 'conflict') throw failure('40001', 'could not serialize access');
      if (fault === 'deadlock') throw failure('40P01', 'deadlock detected');
      world.tell(() => brief(text));
    }
    if (text.startsWith('BEGIN')) {
      this.tx ??= new Transaction(); // a second BEGIN is a warning
      return done('BEGIN');
    }
    const tx = this.tx;
    if (tx !== undefined && /^(COMMIT|ROLLBACK)$/.test(text)) {
      this.tx = undefined;
      if (text === 'COMMIT' && !tx.failed) {
        database.commit(tx);
        return done('COMMIT');
      }
      database.end(tx);
      return done('ROLLBACK');
    }
    if (text === 'ROLLBACK' || text === 'COMMIT') return done(text); // outside a transaction: a warning
    if (text.includes('SAVEPOINT')) {
      if (tx === undefined) throw failure('25P01', 'not in a transaction block');
      return savepoint(tx, text);
    }
    if (tx?.failed === true) throw failure('25P02', 'current transaction is aborted');
    const own = tx ?? new Transaction();
    if (snapshots.at < 0) snapshots.at = database.snapshot;
    const mark = own.undo.length;
    try {
      const rows = database.statement(text)(new View(database, own, snapshots.at), values);
      if (tx === undefined) database.commit(own);
      return Array.isArray(rows) ? { command: 'SELECT', rows, rowCount: rows.length } : { command: 'INSERT', rows: [], rowCount: rows };
    } catch (error) {
      rollTo(own, mark);
      if (tx === undefined) database.end(own);
      throw error;
    }
  }
}

const savepoint = (tx: Transaction, text: string): Answer => {
  const name = /SAVEPOINT (\w+)/.exec(text)?.[1] ?? '';
  if (text.startsWith('SAVEPOINT')) {
    if (tx.failed) throw failure('25P02', 'current transaction is aborted');
    tx.savepoints.push({ name, mark: tx.undo.length, locks: tx.locked.length });
    return done('SAVEPOINT');
  }
  const at = tx.savepoints.findLastIndex((one) => one.name === name);
  const found = tx.savepoints[at];
  if (found === undefined) throw failure('3B001', `savepoint ${name} does not exist`);
  if (text.startsWith('ROLLBACK TO')) {
    rollTo(tx, found.mark);
    while (tx.locked.length > found.locks) {
      const { row, before } = tx.locked.pop() as (typeof tx.locked)[number];
      if (before === undefined) row.holders.delete(tx);
      else row.holders.set(tx, before);
    }
    for (const wake of tx.waiters.splice(0)) wake();
    tx.failed = false;
  } else if (tx.failed) throw failure('25P02', 'current transaction is aborted');
  tx.savepoints.length = at;
  return done('RELEASE');
};

const rollTo = (tx: Transaction, mark: number): void => {
  while (tx.undo.length > mark) tx.undo.pop()?.();
};

const circle = (from: Transaction, to: Transaction): boolean => {
  for (let one: Transaction | undefined = to; one !== undefined; one = one.waitsFor) if (one === from) return true;
  return false;
};

const brief = (text: string): string => text.trim().replace(/\s+/g, ' ').slice(0, 70);

/** What one statement sees and does: rows as of its snapshot, locks and changes on what is there now. */
export class View {
  constructor(private readonly database: Database, private readonly tx: Transaction, private readonly snapshot: number) {}

  get now(): number {
    return this.database.world.now;
  }

  number(name: string): number {
    return this.database.number(name);
  }

  /** Rows of the snapshot, with this transaction's own changes of earlier statements. */
  scan(table: string, wanted: (fields: Fields) => boolean): { row: Row; fields: Fields }[] {
    const found: { row: Row; fields: Fields }[] = [];
    for (const row of this.database.table(table).values()) {
      const fields = row.pending?.by === this.tx ? row.pending.fields : seenAt(row, this.snapshot);
      if (fields !== undefined && wanted(fields)) found.push({ row, fields });
    }
    return found;
  }

  /** Rows that carry the number of this very transaction. */
  own(table: string): Fields[] {
    return [...this.database.table(table).values()].flatMap((row): Fields[] => (row.pending?.by === this.tx && !row.pending.behind ? present(row.pending.fields) : []));
  }

  /** Locks a row and answers what it holds now, undefined when it is gone or no longer fits; throws Blocked, or 'held' with `skip`. */
  lock(row: Row, wanted: (fields: Fields) => boolean, mode: 'share' | 'update' = 'update', skip = false): Fields | undefined | 'held' {
    for (const [holder, held] of row.holders) {
      if (holder === this.tx || (mode === 'share' && held === 'share')) continue;
      if (skip) return 'held';
      throw new Blocked(holder);
    }
    const had = row.holders.get(this.tx);
    if (had !== 'update' && had !== mode) {
      row.holders.set(this.tx, mode);
      this.tx.locked.push({ row, before: had });
      this.tx.touched.add(row);
    }
    const fields = row.pending?.by === this.tx ? row.pending.fields : row.history.at(-1)?.fields;
    return fields !== undefined && wanted(fields) ? fields : undefined;
  }

  /** Inserts unless the key is taken; answers the row that has it. Waits for whoever is about to take it. */
  insert(table: string, key: string, fields: Fields): Row | undefined {
    const rows = this.database.table(table);
    let row = rows.get(key);
    if (row === undefined) rows.set(key, (row = { key, history: [], holders: new Map() }));
    if (row.pending !== undefined && row.pending.by !== this.tx) throw new Blocked(row.pending.by);
    if ((row.pending ?? row.history.at(-1))?.fields !== undefined) return row;
    this.lock(row, () => true);
    this.put(row, fields);
    return undefined;
  }

  put(row: Row, fields: Fields | undefined): void {
    const before = row.pending;
    this.tx.undo.push(() => (row.pending = before));
    this.tx.touched.add(row);
    row.pending = { by: this.tx, fields, behind: this.tx.savepoints.length > 0 };
  }

  /** Locks what fits, as it is now, and changes it; answers the new rows (the old ones where they are deleted). */
  change(table: string, wanted: (fields: Fields) => boolean, to: (fields: Fields) => Fields | undefined): Fields[] {
    const changed: Fields[] = [];
    for (const { row } of this.scan(table, wanted)) {
      const fields = this.lock(row, wanted);
      if (fields === undefined || fields === 'held') continue;
      const next = to(fields);
      this.put(row, next);
      changed.push(next ?? fields);
    }
    return changed;
  }
}

const present = (fields: Fields | undefined): Fields[] => (fields === undefined ? [] : [fields]);

const seenAt = ({ history }: Row, snapshot: number): Fields | undefined => {
  for (let at = history.length - 1; at >= 0; at--) if ((history[at] as { since: number }).since <= snapshot) return history[at]?.fields;
  return undefined;
};
