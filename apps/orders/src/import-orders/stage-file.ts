import { transact, type Source, type Tx } from '@peyvand/messaging';
import { FileCut, MalformedCsv, mostText, NotUtf8, recordsOf, TooMuchText } from './decode-file.js';
import { dropParts, keepFaults, moveImport, restartStaging, stageRows, type FaultyRow, type Import, type StagedRow } from './store/import.store.js';
import { openNative } from './native-profile.js';
import { partsOf } from './receive-file.js';
import { cellFault, type Opened } from './row.js';
import { openUciRetail, type UciParameters } from './uci-retail-profile.js';

const rowsPerTransaction = 1_000;

/** Rows of a file; and from how many faulty ones on it is given up, where they are more than every second row. */
const limits = { rows: 2_000_000, faulty: 100_000 };
export type StagingLimits = typeof limits;

/** What a file may look like that no row of it can be read. */
class Unreadable extends Error {
  constructor(readonly reason: string, readonly faulty: FaultyRow) {
    super(reason);
  }
}

/**
 * Reads the stored file into rows and faults, a transaction per 1,000 rows, from where an earlier run stopped. While one lot is being
 * written the next is read. Ends in state staged, cut or failed, or throws Overtaken.
 */
export const stageFile = async (source: Source, found: Import, most: StagingLimits = limits): Promise<void> => {
  const { importId } = found;
  try {
    await readAll(source, found, most);
    await transact(source, async (tx) => {
      await planOrders(tx, found);
      await dropParts(tx, importId);
    });
  } catch (error) {
    if (error instanceof NotUtf8 && found.encoding === null) return transact(source, (tx) => restartStaging(tx, importId, 'windows-1256'));
    if (error instanceof FileCut || error instanceof NotUtf8) return transact(source, (tx) => moveImport(tx, importId, 'staging', 'cut', 'file-cut'));
    const faulty = error instanceof Unreadable ? error : error instanceof TooMuchText ? tooMuch('too-much-text', 1, mostText) : error instanceof MalformedCsv ? new Unreadable('malformed-csv', { row: error.line, faults: [cellFault('', 'malformed-csv', error.message)] }) : undefined;
    if (faulty === undefined) throw error;
    await transact(source, async (tx) => {
      await keepFaults(tx, found, [faulty.faulty]);
      await moveImport(tx, importId, 'staging', 'failed', faulty.reason);
    });
  }
};

const readAll = async (source: Source, found: Import, most: StagingLimits): Promise<void> => {
  let opened: (Opened & { ok: true }) | undefined;
  let [good, faulty, seen, kept]: [StagedRow[], FaultyRow[], number, number] = [[], [], 0, found.rowsRead];
  let bad = found.rowsRead - found.linesValid;
  let writing: Promise<void> = Promise.resolve();
  const flush = async (): Promise<void> => {
    await writing;
    const [rows, faults, from] = [good, faulty, kept];
    [good, faulty, kept] = [[], [], seen];
    writing = transact(source, (tx) => stageRows(tx, found, from, rows, faults));
    // Its failure is met at the next await; until then it must not count as unhandled.
    writing.catch(() => {});
  };
  for await (const { line, cells } of recordsOf(partsOf(source, found.importId), found.encoding ?? 'utf-8')) {
    if (opened === undefined) {
      opened = headerOf(found, line, cells);
      continue;
    }
    seen += 1;
    if (seen <= found.rowsRead) continue;
    if (seen > most.rows) throw tooMuch('too-many-rows', line, most.rows);
    const row = opened.read(cells);
    if (row.ok) good.push({ row: line, poNumber: row.poNumber, line: row.line });
    else {
      bad += 1;
      faulty.push({ row: line, faults: row.faults });
    }
    if (bad > most.faulty && bad * 2 > seen) throw tooMuch('too-many-faults', line, most.faulty);
    if (good.length + faulty.length >= rowsPerTransaction) await flush();
  }
  if (good.length + faulty.length > 0) await flush();
  await writing;
};

const tooMuch = (code: 'too-many-rows' | 'too-many-faults' | 'too-much-text', row: number, most: number): Unreadable => new Unreadable(code, { row, faults: [cellFault('', code, String(most))] });

const headerOf = (found: Import, row: number, header: readonly string[]): Opened & { ok: true } => {
  const opened = found.profile === 'native' ? openNative(header) : openUciRetail(header, found.parameters as unknown as UciParameters);
  if (!opened.ok) throw new Unreadable('header-invalid', { row, faults: opened.faults });
  return opened;
};

const rowsPerOrder = 5_000;
const rowsPerChunk = 2_000;

/** The rows of an order stand together from here on, wherever they stood in the file; chunks hold whole orders of about 2,000 rows. */
const planOrders = async (tx: Tx, found: Import): Promise<void> => {
  const { importId, buyerId } = found;
  await tx.run(`
    with long as (
      update import_lines l set faulty = true
      from (select row_number, row_number() over (partition by po_number order by row_number) as place from import_lines where import_id = $1) p
      where l.import_id = $1 and l.row_number = p.row_number and p.place > $3 returning l.row_number, l.po_number, l.quantity),
    told as (
      insert into import_faults (import_id, row_number, column_name, code, value, parties) select $1, row_number, '', 'order-too-long', po_number, array[$2::uuid] from long)
    update imports set lines_valid = lines_valid - (select count(*) from long), quantity_valid = quantity_valid - (select coalesce(sum(quantity), 0) from long) where import_id = $1`,
  [importId, buyerId, rowsPerOrder]);
  await tx.run(`
    insert into import_orders (import_id, order_no, po_number, chunk)
    select $1, row_number() over (order by first), po_number, (sum(rows) over (order by first) - rows) / $2
    from (select po_number, min(row_number) as first, count(*)::int as rows from import_lines where import_id = $1 and not faulty group by po_number) o`,
  [importId, rowsPerChunk]);
  await tx.run('update imports set orders_total = p.orders, chunks = p.chunks from (select count(*) as orders, coalesce(max(chunk) + 1, 0) as chunks from import_orders where import_id = $1) p where import_id = $1', [importId]);
  await moveImport(tx, importId, 'staging', 'staged');
};
