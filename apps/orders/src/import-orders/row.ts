import type { NewLine } from '../submit-order/new-order.js';
import type { RowFaultCode } from './fault-words.js';

/** What is wrong with one cell; `value` as it was written, cut to a readable length. */
export type CellFault = { readonly column: string; readonly code: RowFaultCode; readonly value: string };

/** A line as the file tells it. A GTIN is looked up when the orders are checked. */
export type ImportedLine = Omit<NewLine, 'neededBy'> & { readonly neededBy: string; readonly gtin?: string };

export type RowOutcome = { readonly ok: true; readonly poNumber: string; readonly line: ImportedLine } | { readonly ok: false; readonly faults: readonly CellFault[] };

/** Reads the rows of one file, once its header is understood. */
export type RowReader = (cells: readonly string[]) => RowOutcome;

export type Opened = { readonly ok: true; readonly read: RowReader } | { readonly ok: false; readonly faults: readonly CellFault[] };

export const cellFault = (column: string, code: RowFaultCode, value: string): CellFault => ({ column, code, value: value.slice(0, 200) });
