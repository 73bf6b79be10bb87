import { Blocked, failure, Transaction, View, type Fields } from './rows.js';
import type { Database } from './database.js';
import { hasNul } from './literal.js';
import type { Actor } from './world.js';

/** What a statement has once and for all, however often it waits. */
type Snapshot = { at: number; readonly drawn: number[]; readonly single: Transaction };
type Answer = { command: string; rows: Fields[]; rowCount: number };
const done = (command: string): Answer => ({ command, rows: [], rowCount: 0 });
const broken = () => failure('', 'Connection terminated unexpectedly');

export class Session {
  tx: Transaction | undefined;
  private single: Transaction | undefined;
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
    for (const tx of [this.tx, this.single]) if (tx !== undefined && !tx.over) this.database.end(tx);
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
        if (this.tx !== undefined) abort(this.tx);
        this.database.end(single);
        answer(() => reject(error));
      };
      const single = (this.single = new Transaction(true));
      const snapshots: Snapshot = { at: -1, drawn: [], single };
      const attempt = (): void => {
        if (this.lost) return fail(broken());
        try {
          const result = this.perform(text, values, snapshots);
          answer(() => (this.lost ? reject(broken()) : resolve(result)));
        } catch (caught) {
          if (!(caught instanceof Blocked)) return fail(caught as Error);
          const own = this.tx ?? single;
          const circle = circleOf(own, caught.by);
          if (circle !== undefined) {
            this.database.onCircle(circle);
            return fail(failure('40P01', 'deadlock detected'));
          }
          own.waitsFor = caught.by;
          caught.by.waiters.push(() => world.arrive(0, attempt, world.outside));
        }
      };
      const ms = world.draw(3) + (this.database.slow && text === 'COMMIT' && (this.tx?.undo.length ?? 0) > 0 ? world.draw(30) : 0);
      world.arrive(ms, attempt, { name: this.actor.name, dead: false, pausedUntil: 0 });
    });
  }

  private perform(text: string, values: unknown[], snapshots: Snapshot): Answer {
    const { database } = this;
    const { world } = database;
    snapshots.single.waitsFor = undefined;
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
      const [, first] = text.split('; ');
      return first === undefined ? done('BEGIN') : this.look(first, values, snapshots);
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
    return this.look(text, values, snapshots);
  }

  /** What reads and writes rows. */
  private look(text: string, values: unknown[], snapshots: Snapshot): Answer {
    const { database, tx } = this;
    if (tx?.failed === true) throw failure('25P02', 'current transaction is aborted');
    if (values.some(hasNul)) throw failure('22021', 'invalid byte sequence for encoding "UTF8": 0x00');
    const own = tx ?? snapshots.single;
    if (snapshots.at < 0) snapshots.at = database.snapshot;
    const mark = own.undo.length;
    try {
      const rows = database.statement(text)(new View(database, own, snapshots.at, snapshots.drawn), values);
      if (tx === undefined) database.commit(own);
      return Array.isArray(rows) ? { command: 'SELECT', rows, rowCount: rows.length } : { command: 'INSERT', rows: [], rowCount: rows };
    } catch (error) {
      rollTo(own, mark);
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
  if (tx.failed && !text.startsWith('ROLLBACK TO')) throw failure('25P02', 'current transaction is aborted');
  if (found === undefined) throw failure('3B001', `savepoint ${name} does not exist`);
  if (text.startsWith('ROLLBACK TO')) {
    giveBack(tx, found);
    tx.failed = false;
  }
  tx.savepoints.length = at;
  return done('RELEASE');
};

/** A failed transaction holds on to nothing since its last savepoint, though its client has still to end it. */
const abort = (tx: Transaction): void => {
  tx.failed = true;
  giveBack(tx, tx.savepoints.at(-1) ?? { mark: 0, locks: 0 });
};

const giveBack = (tx: Transaction, { mark, locks }: { readonly mark: number; readonly locks: number }): void => {
  rollTo(tx, mark);
  while (tx.locked.length > locks) {
    const { row, before } = tx.locked.pop() as (typeof tx.locked)[number];
    if (before === undefined) row.holders.delete(tx);
    else row.holders.set(tx, before);
  }
  for (const wake of tx.waiters.splice(0)) wake();
};

const rollTo = (tx: Transaction, mark: number): void => {
  while (tx.undo.length > mark) tx.undo.pop()?.();
};

/** Those who would wait for each other if `from` waited for `to`. */
const circleOf = (from: Transaction, to: Transaction): Transaction[] | undefined => {
  const circle = [from];
  for (let one: Transaction | undefined = to; one !== undefined; one = one.waitsFor) {
    if (one === from) return circle;
    circle.push(one);
  }
  return undefined;
};

const brief = (text: string): string => text.trim().replace(/\s+/g, ' ').slice(0, 70);
