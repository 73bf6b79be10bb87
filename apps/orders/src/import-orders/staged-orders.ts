import { createHash } from 'node:crypto';
import type { Day } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { NewLine, NewOrder, OrderFault } from '../submit-order/new-order.js';
import type { FaultyRow, Import } from './store/import.store.js';
import { cellFault, type CellFault, type ImportedLine } from './row.js';

/** An order as the file makes it, with the row of the file behind each of its lines. */
export type StagedOrder = { readonly order: NewOrder; readonly rows: readonly number[] };

/** The good rows of one chunk as orders, and the rows whose GTIN names nothing or too much. */
export const loadChunk = async (tx: Tx, found: Import, chunk: number): Promise<{ orders: StagedOrder[]; faulty: FaultyRow[] }> => {
  const rows = await tx.sql<{ order_no: number; po_number: string; row_number: number; line: string }>(`
    select o.order_no, o.po_number, l.row_number, l.line from import_orders o join import_lines l on l.import_id = o.import_id and l.po_number = o.po_number and not l.faulty
    where o.import_id = $1 and o.chunk = $2 order by o.order_no, l.row_number`, [found.importId, chunk]);
  const lines = rows.map((row) => JSON.parse(row.line) as ImportedLine);
  const variants = await variantsByGtin(tx, lines.flatMap(({ gtin }) => gtin ?? []));
  const orders: { order: NewOrder & { lines: NewLine[] }; rows: number[] }[] = [];
  const faulty: FaultyRow[] = [];
  rows.forEach(({ po_number: poNumber, row_number: row }, i) => {
    const { gtin, ...line } = lines[i] as ImportedLine;
    const named = gtin === undefined ? [] : (variants.get(gtin) ?? []);
    if (gtin !== undefined && named.length !== 1) {
      faulty.push({ row, faults: [cellFault('gtin', named.length === 0 ? 'gtin-unknown' : 'gtin-ambiguous', gtin)] });
      return;
    }
    if (orders.at(-1)?.order.poNumber !== poNumber) orders.push({ order: { id: orderIdOf(found.importId, poNumber), poNumber, importId: found.importId, lines: [] }, rows: [] });
    const order = orders.at(-1);
    order?.order.lines.push({ ...line, neededBy: line.neededBy as Day, ...(named[0] === undefined ? {} : { variantId: named[0] }) });
    order?.rows.push(row);
  });
  return { orders, faulty };
};

/** The same import and PO number always make the same id (UUIDv8), so that work done twice makes one order. */
export const orderIdOf = (importId: string, poNumber: string): string => {
  const hex = createHash('sha256').update(`${importId}\n${poNumber}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** Faults of orders told by row and by the column of the profile; a fault of a whole order is told at each of its rows. */
export const byRow = (found: Import, orders: readonly StagedOrder[], faults: readonly OrderFault[]): FaultyRow[] => {
  const told = new Map<number, CellFault[]>();
  for (const { order: index, path, code, value = '' } of faults) {
    const staged = orders[index];
    if (staged === undefined) continue;
    const [, at, field = path] = /^lines\[(\d+)\]\.(\w+)$/.exec(path) ?? [];
    const fault = cellFault(columns[found.profile][field] ?? field, code, code === 'po-number-taken' ? staged.order.poNumber : value);
    for (const row of at === undefined ? staged.rows : staged.rows.slice(Number(at), Number(at) + 1)) told.set(row, [...(told.get(row) ?? []), fault]);
  }
  return [...told].map(([row, cells]) => ({ row, faults: cells }));
};

/** The orders without these rows; what has none left is no order. */
export const withoutRows = (orders: readonly StagedOrder[], faulty: readonly FaultyRow[]): StagedOrder[] => {
  const gone = new Set(faulty.map(({ row }) => row));
  return orders.flatMap(({ order, rows }) => {
    const stays = rows.map((row) => !gone.has(row));
    const lines = order.lines.filter((_, at) => stays[at]);
    return lines.length === 0 ? [] : [{ order: { ...order, lines }, rows: rows.filter((_, at) => stays[at]) }];
  });
};

const columns: Readonly<Record<Import['profile'], Readonly<Record<string, string>>>> = {
  'native': { poNumber: 'po number', id: 'po number', shipTo: 'place code', neededBy: 'needed by', variantId: 'variant id', minimumFill: 'minimum fill' },
  'uci-retail': { poNumber: 'InvoiceNo', id: 'InvoiceNo', shipTo: 'CustomerID', neededBy: 'InvoiceDate', code: 'StockCode', variantId: 'StockCode' },
};

const variantsByGtin = async (tx: Tx, gtins: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> => {
  if (gtins.length === 0) return new Map();
  const rows = await tx.sql<{ gtin: string; variants: string[] }>('select gtin, array_agg(variant_id)::text[] as variants from gtins where gtin = any($1::text[]) group by gtin', [[...new Set(gtins)]]);
  return new Map(rows.map(({ gtin, variants }) => [gtin, variants]));
};
