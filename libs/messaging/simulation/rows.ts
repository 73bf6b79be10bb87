import type { Database } from './database.js';

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

  /** `single`: one statement, its own transaction. */
  constructor(readonly single = false) {}
}

/** What one statement sees and does: rows as of its snapshot, locks and changes on what is there now. */
export class View {
  private draws = 0;

  constructor(private readonly database: Database, private readonly tx: Transaction, private readonly snapshot: number, private readonly drawn: number[]) {}

  get now(): number {
    return this.database.world.now;
  }

  /** The next of a sequence; a statement that had to wait keeps what it has drawn. */
  number(name: string): number {
    return (this.drawn[this.draws++] ??= this.database.number(name));
  }

  /** The last number drawn of a sequence, by whomever; 1 before the first, as Postgres tells it. */
  last(name: string): number {
    return Math.max(1, this.database.lastOf(name));
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

  /** Holds a name until the transaction ends. */
  hold(name: string): void {
    const names = this.database.table('held names');
    let row = names.get(name);
    if (row === undefined) names.set(name, (row = { key: name, history: [], holders: new Map() }));
    this.lock(row, () => true);
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

export const present = (fields: Fields | undefined): Fields[] => (fields === undefined ? [] : [fields]);

const seenAt = ({ history }: Row, snapshot: number): Fields | undefined => {
  for (let at = history.length - 1; at >= 0; at--) if ((history[at] as { since: number }).since <= snapshot) return history[at]?.fields;
  return undefined;
};
