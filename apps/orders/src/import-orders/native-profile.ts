import { compactCode, fold, isUuid, latinDigits, normalise, parseGtin } from '@peyvand/kernel';
import { dateOf, fillOf, gradeOf, quantityOf, termsOf, unitOf, wholeOf } from './cells.js';
import type { RowFaultCode } from './fault-words.js';
import { cellFault, type CellFault, type Opened, type RowOutcome } from './row.js';

/** Columns of our own format by every header they may have (docs/imports.md lists them); case, spacing and letter forms do not matter. */
export const nativeColumns = {
  poNumber: ['po number', 'po', 'order number', 'شماره سفارش', 'شماره سفارش خرید'],
  code: ['code', 'article code', 'sku', 'کد کالا', 'کد کالای شما'],
  variantId: ['variant id', 'variant', 'شناسه کالا'],
  gtin: ['gtin', 'ean', 'barcode', 'بارکد'],
  quantity: ['quantity', 'qty', 'تعداد', 'مقدار'],
  unit: ['unit', 'واحد'],
  place: ['place code', 'place', 'ship to', 'store', 'کد محل', 'محل تحویل', 'کد فروشگاه', 'فروشگاه'],
  neededBy: ['needed by', 'delivery date', 'تاریخ نیاز', 'تاریخ تحویل'],
  priceCeiling: ['price ceiling', 'ceiling', 'maximum price', 'سقف قیمت'],
  terms: ['terms', 'payment terms', 'شرایط پرداخت'],
  fillPolicy: ['fill policy', 'fill', 'روش تامین', 'روش تأمین'],
  minimumGrade: ['minimum grade', 'grade', 'درجه', 'کمترین درجه'],
  minimumFill: ['minimum fill', 'کمینه تامین', 'کمینه تأمین'],
  maximumSuppliers: ['maximum suppliers', 'suppliers', 'بیشینه تامین کننده', 'بیشینه تأمین کننده'],
  shareCap: ['share cap', 'سقف سهم', 'سقف سهم هر تامین کننده', 'سقف سهم هر تأمین کننده'],
} as const;

type Column = keyof typeof nativeColumns;
const needed = ['poNumber', 'quantity', 'place', 'neededBy'] as const;
const plain = (header: string): string => fold(header).replace(/[\s_-]+/g, ' ').trim();
const columnOf = new Map(Object.entries(nativeColumns).flatMap(([column, headers]) => headers.map((header) => [plain(header), column as Column] as const)));

/** Understands the header, in any order of columns; columns of other names are left alone. */
export const openNative = (header: readonly string[]): Opened => {
  const at = new Map<Column, number>();
  const faults: CellFault[] = [];
  header.forEach((text, index) => {
    const column = columnOf.get(plain(text));
    if (column === undefined) return;
    if (at.has(column)) faults.push(cellFault(text, 'column-repeated', text));
    else at.set(column, index);
  });
  for (const column of needed) if (!at.has(column)) faults.push(cellFault(nativeColumns[column][0], 'column-missing', ''));
  if (!at.has('code') && !at.has('variantId') && !at.has('gtin')) faults.push(cellFault('code', 'column-missing', ''));
  return faults.length > 0 ? { ok: false, faults } : { ok: true, read: (cells) => readRow(header, at, cells) };
};

const readRow = (header: readonly string[], at: ReadonlyMap<Column, number>, cells: readonly string[]): RowOutcome => {
  const faults: CellFault[] = [];
  const cell = (column: Column): string => {
    const index = at.get(column);
    return index === undefined ? '' : normalise(cells[index] ?? '');
  };
  const fault = (column: Column, code: RowFaultCode): undefined => {
    faults.push(cellFault(header[at.get(column) ?? -1] ?? nativeColumns[column][0], code, cell(column)));
    return undefined;
  };
  const must = (column: Column): string | undefined => (cell(column) === '' ? fault(column, 'missing') : cell(column));
  const read = <T>(column: Column, reader: (text: string) => T | undefined, code: RowFaultCode): T | undefined => (cell(column) === '' ? undefined : (reader(cell(column)) ?? fault(column, code)));
  const upTo = (most: number) => (text: string): number | undefined => ((quantityOf(text) ?? Infinity) <= most ? quantityOf(text) : undefined);
  const within = (most: number) => (text: string): string | undefined => (text.length <= most ? text : undefined);

  const poNumber = must('poNumber') === undefined ? undefined : read('poNumber', within(100), 'too-long');
  const quantity = must('quantity') === undefined ? undefined : read('quantity', quantityOf, 'not-a-quantity');
  const shipTo = must('place') === undefined ? undefined : read('place', within(200), 'too-long');
  const neededBy = must('neededBy') === undefined ? undefined : read('neededBy', dateOf, 'not-a-date');
  const given = {
    variantId: read('variantId', (text) => (isUuid(text) ? text.toLowerCase() : undefined), 'not-a-variant-id'),
    code: read('code', (text) => within(200)(latinDigits(text)), 'too-long'),
    gtin: read('gtin', (text) => (parseGtin(text).ok ? compactCode(text) : undefined), 'not-a-gtin'),
    unit: read('unit', unitOf, 'not-a-unit'),
    priceCeiling: read('priceCeiling', (text) => wholeOf(text)?.toString(), 'not-rials'),
    terms: read('terms', termsOf, 'not-terms'),
    fillPolicy: read('fillPolicy', fillOf, 'not-a-fill-policy'),
    minimumGrade: read('minimumGrade', gradeOf, 'not-a-grade'),
    minimumFill: read('minimumFill', quantityOf, 'not-a-quantity'),
    maximumSuppliers: read('maximumSuppliers', upTo(1_000), 'not-a-count'),
    shareCap: read('shareCap', (text) => upTo(100)(text.replace(/[%٪]/g, '')), 'not-a-percentage'),
  };
  if (faults.length > 0 || poNumber === undefined || quantity === undefined || shipTo === undefined || neededBy === undefined) return { ok: false, faults };
  const { variantId, code, gtin, ...rest } = given;
  // The most exact name wins, so that a row with several is not refused for the vaguest.
  const goods = variantId !== undefined ? { variantId } : code !== undefined ? { code } : gtin !== undefined ? { gtin } : {};
  return { ok: true, poNumber, line: { ...goods, quantity, shipTo, neededBy, ...present(rest) } };
};

const present = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
