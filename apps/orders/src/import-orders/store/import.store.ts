import type { Tx } from '@peyvand/messaging';
import { batchInsert, uuids } from '../../store/batch.js';
import type { CellFault, ImportedLine } from '../row.js';

export type ImportState = 'receiving' | 'cut' | 'received' | 'staging' | 'staged' | 'committing' | 'done' | 'failed';

/** What the background work needs to know of an import. */
export type Import = {
  readonly importId: string;
  readonly buyerId: string;
  readonly submittedBy: string;
  readonly mode: 'preview' | 'commit';
  readonly profile: 'native' | 'uci-retail';
  readonly parameters: Readonly<Record<string, number>>;
  readonly onFault: 'refuse-all' | 'valid-only';
  readonly state: ImportState;
  readonly encoding: 'utf-8' | 'windows-1256' | null;
  readonly rowsRead: number;
  readonly linesValid: number;
  readonly chunks: number;
  readonly chunksChecked: number;
  readonly chunksCommitted: number;
  readonly ordersCommitted: number;
};

export type StagedRow = { readonly row: number; readonly poNumber: string; readonly line: ImportedLine };
export type FaultyRow = { readonly row: number; readonly faults: readonly CellFault[] };

/** Somebody else has moved the import on meanwhile: this worker's step must not count. */
export class Overtaken extends Error {}

export const findImport = async (tx: Tx, importId: string): Promise<Import | undefined> => (await tx.sql<Import>(`
  select import_id as "importId", buyer_id as "buyerId", submitted_by as "submittedBy", mode, profile, parameters, on_fault as "onFault", state, encoding, rows_read as "rowsRead",
    lines_valid as "linesValid", chunks, chunks_checked as "chunksChecked", chunks_committed as "chunksCommitted", orders_committed as "ordersCommitted"
  from imports where import_id = $1`, [importId]))[0];

const insertLines = batchInsert<StagedRow & { importId: string }>('import_lines', [
  ['import_id', 'uuid', (r) => r.importId], ['row_number', 'int', (r) => r.row], ['po_number', 'text', (r) => r.poNumber], ['quantity', 'int', (r) => r.line.quantity],
  ['line', 'text', (r) => JSON.stringify(r.line)],
]);
const insertFaults = batchInsert<CellFault & { importId: string; buyerId: string; row: number }>('import_faults', [
  ['import_id', 'uuid', (r) => r.importId], ['row_number', 'int', (r) => r.row], ['column_name', 'text', (r) => r.column], ['code', 'text', (r) => r.code], ['value', 'text', (r) => r.value],
  ['parties', 'uuid[]', (r) => uuids([r.buyerId])],
]);

export const keepFaults = async (tx: Tx, { importId, buyerId }: Import, faulty: readonly FaultyRow[]): Promise<void> => {
  const rows = faulty.flatMap(({ row, faults }) => faults.map((fault) => ({ ...fault, importId, buyerId, row })));
  if (rows.length > 0) await tx.run(insertFaults.text, insertFaults.values(rows));
};

/** Keeps the next rows of the file, good and faulty; `from` is how many were read before them. Throws Overtaken. */
export const stageRows = async (tx: Tx, found: Import, from: number, good: readonly StagedRow[], faulty: readonly FaultyRow[]): Promise<void> => {
  const quantity = good.reduce((sum, { line }) => sum + line.quantity, 0);
  const moved = await tx.run(
    `update imports set rows_read = rows_read + $3, lines_valid = lines_valid + $4, quantity_valid = quantity_valid + $5, touched_at = clock_timestamp() where import_id = $1 and rows_read = $2 and state = 'staging'`,
    [found.importId, from, good.length + faulty.length, good.length, quantity]);
  if (moved !== 1) throw new Overtaken();
  if (good.length > 0) await tx.run(insertLines.text, insertLines.values(good.map((row) => ({ ...row, importId: found.importId }))));
  await keepFaults(tx, found, faulty);
};

/** Moves the import from one state to another; throws Overtaken when it is no longer there. */
export const moveImport = async (tx: Tx, importId: string, from: ImportState, to: ImportState, reason?: string): Promise<void> => {
  const over = to === 'done' || to === 'failed' || to === 'cut';
  const moved = await tx.run('update imports set state = $3, reason = $4, ended_at = $5, touched_at = clock_timestamp() where import_id = $1 and state = $2',
    [importId, from, to, reason ?? null, over ? new Date(tx.now).toISOString() : null]);
  if (moved !== 1) throw new Overtaken();
  if (over) await clearWork(tx, importId);
};

/** How many files of this buyer have arrived and not ended. */
export const countUnderWay = async (tx: Tx, buyerId: string): Promise<number> =>
  Number((await tx.sql<{ n: string }>(`select count(*) as n from imports where buyer_id = $1 and state in ('received', 'staging', 'staged', 'committing')`, [buyerId]))[0]?.n ?? 0);

/** Of these imports, those that are still submitting orders; none of them ends before this transaction does. */
export const underWay = async (tx: Tx, importIds: readonly string[]): Promise<ReadonlySet<string>> => {
  if (importIds.length === 0) return new Set();
  const ids = [...new Set(importIds)].sort();
  await tx.sql('select pg_advisory_xact_lock_shared(hashtext(id)) from unnest($1::text[]) as i(id)', [ids]);
  return new Set((await tx.sql<{ id: string }>(`select import_id as id from imports where import_id = any($1::uuid[]) and state = 'committing'`, [ids])).map(({ id }) => id));
};

/** Waits for those who were told that the import is under way; whoever asks later learns that it has ended. */
export const awaitListeners = async (tx: Tx, importId: string): Promise<void> => void (await tx.sql('select pg_advisory_xact_lock(hashtext($1))', [importId]));

/** Begins reading anew, with the encoding that was found out. */
export const restartStaging = async (tx: Tx, importId: string, encoding: 'windows-1256'): Promise<void> => {
  await tx.run('delete from import_lines where import_id = $1', [importId]);
  await tx.run('delete from import_faults where import_id = $1', [importId]);
  const moved = await tx.run(`update imports set encoding = $2, rows_read = 0, lines_valid = 0, quantity_valid = 0 where import_id = $1 and state = 'staging' and encoding is null`, [importId, encoding]);
  if (moved !== 1) throw new Overtaken();
};

/** Faults and lines stay out of the good ones from now on. */
export const excludeRows = async (tx: Tx, found: Import, faulty: readonly FaultyRow[]): Promise<void> => {
  if (faulty.length === 0) return;
  await keepFaults(tx, found, faulty);
  await tx.run(`
    with gone as (update import_lines set faulty = true where import_id = $1 and row_number = any($2::int[]) and not faulty returning quantity)
    update imports set lines_valid = lines_valid - (select count(*) from gone), quantity_valid = quantity_valid - (select coalesce(sum(quantity), 0) from gone) where import_id = $1`,
  [found.importId, faulty.map(({ row }) => row)]);
};

/** The file itself is read: its bytes are no longer needed. */
export const dropParts = async (tx: Tx, importId: string): Promise<void> => void (await tx.run('delete from import_parts where import_id = $1', [importId]));

/** Uploads whose process died with them: an hour without a byte. */
export const sweepCut = async (tx: Tx): Promise<void> => {
  const dead = await tx.sql<{ import_id: string }>(`
    update imports set state = 'cut', reason = 'upload-cut', ended_at = $1
    where import_id in (select import_id from imports where state = 'receiving' and touched_at < clock_timestamp() - interval '1 hour' limit 20 for update skip locked) returning import_id`, [new Date(tx.now).toISOString()]);
  for (const { import_id } of dead) await clearWork(tx, import_id);
};

const clearWork = async (tx: Tx, importId: string): Promise<void> => {
  for (const table of ['import_parts', 'import_lines', 'import_orders']) await tx.run(`delete from ${table} where import_id = $1`, [importId]);
};
