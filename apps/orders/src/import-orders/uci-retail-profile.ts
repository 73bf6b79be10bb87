import { addDays, divideHalfUp, isUsableDay, type Day } from '@peyvand/kernel';
import { cellFault, type CellFault, type Opened, type RowOutcome } from './row.js';

/** What the file does not say and the importer must state: rials per pound, days from its dates to today's, and how the buyer's limits follow from it. */
export type UciParameters = {
  readonly rate: number;
  readonly dateShiftDays: number;
  /** Days from the (shifted) invoice date until the goods are needed. */
  readonly neededWithinDays: number;
  /** The ceiling in per cent of the row's own price; absent = no ceiling. */
  readonly ceilingPercent?: number;
};

const columns = ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID', 'Country'] as const;
type Column = (typeof columns)[number];

/**
 * The columns of the "Online Retail" order lines: the customer is the store (by place code), the invoice the order, the stock code the
 * buyer's article code. What is no order is refused with its reason: cancelled invoices, returns, rows without a customer or a price, and
 * codes that are no products.
 */
export const openUciRetail = (header: readonly string[], parameters: UciParameters): Opened => {
  const at = new Map(header.map((text, index) => [text.trim(), index]));
  const faults = columns.filter((column) => !at.has(column) && column !== 'Description' && column !== 'Country').map((column) => cellFault(column, 'column-missing', ''));
  if (faults.length > 0) return { ok: false, faults };
  const index = Object.fromEntries(columns.map((column) => [column, at.get(column) ?? -1])) as Record<Column, number>;
  const days = neededDays(parameters);
  return { ok: true, read: (cells) => readRow((column) => (cells[index[column]] ?? '').trim(), parameters, days) };
};

/** The day goods are needed by the invoice's date; rows stand by date, so the last answer mostly serves again. */
const neededDays = ({ dateShiftDays, neededWithinDays }: UciParameters): ((invoiced: string) => Day | undefined) => {
  let [last, needed]: [string, Day | undefined] = ['', undefined];
  return (invoiced) => {
    if (invoiced !== last) [last, needed] = [invoiced, isUsableDay(invoiced) ? addDays(invoiced as Day, dateShiftDays + neededWithinDays) : undefined];
    return needed;
  };
};

const readRow = (cell: (column: Column) => string, parameters: UciParameters, neededDay: (invoiced: string) => Day | undefined): RowOutcome => {
  const refused = refusalOf(cell);
  if (refused !== undefined) return { ok: false, faults: [refused] };
  const neededBy = neededDay(cell('InvoiceDate').slice(0, 10));
  const price = thousandthsOf(cell('UnitPrice'));
  const faults: CellFault[] = [];
  if (neededBy === undefined) faults.push(cellFault('InvoiceDate', 'not-a-date', cell('InvoiceDate')));
  if (!/^\d{1,10}$/.test(cell('Quantity')) || Number(cell('Quantity')) < 1 || Number(cell('Quantity')) > 1_000_000_000) faults.push(cellFault('Quantity', 'not-a-quantity', cell('Quantity')));
  if (price === undefined) faults.push(cellFault('UnitPrice', 'not-rials', cell('UnitPrice')));
  if (cell('InvoiceNo') === '') faults.push(cellFault('InvoiceNo', 'missing', ''));
  if (faults.length > 0 || price === undefined || neededBy === undefined) return { ok: false, faults };
  const { rate, ceilingPercent } = parameters;
  return {
    ok: true, poNumber: cell('InvoiceNo'),
    line: {
      code: cell('StockCode'), quantity: Number(cell('Quantity')), shipTo: storeOf(cell('CustomerID')), neededBy,
      ...(ceilingPercent === undefined ? {} : { priceCeiling: String(divideHalfUp(price * BigInt(rate) * BigInt(ceilingPercent), 100_000n)) }),
    },
  };
};

/** The first reason that applies, in the order in which the file's figures are counted. */
const refusalOf = (cell: (column: Column) => string): CellFault | undefined => {
  if (/^c/i.test(cell('InvoiceNo'))) return cellFault('InvoiceNo', 'cancelled', cell('InvoiceNo'));
  if (/^-/.test(cell('Quantity'))) return cellFault('Quantity', 'negative-quantity', cell('Quantity'));
  if (cell('CustomerID') === '') return cellFault('CustomerID', 'without-customer', '');
  if (thousandthsOf(cell('UnitPrice')) === 0n) return cellFault('UnitPrice', 'zero-price', cell('UnitPrice'));
  if (!/^\d{5}[a-z]{0,2}$/i.test(cell('StockCode'))) return cellFault('StockCode', 'not-a-product', cell('StockCode'));
  return undefined;
};

/** "13509.0" is store 13509: the file went through a spreadsheet. */
const storeOf = (customer: string): string => customer.replace(/\.0+$/, '');

/** Pounds with up to three decimals as thousandths, without floating point. */
const thousandthsOf = (text: string): bigint | undefined => {
  const [, pounds, decimals = ''] = /^(\d{1,9})(?:\.(\d{1,3})\d*)?$/.exec(text) ?? [];
  return pounds === undefined ? undefined : BigInt(pounds + decimals.padEnd(3, '0'));
};
