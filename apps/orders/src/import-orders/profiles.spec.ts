import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { dateOf, fillOf, gradeOf, quantityOf, termsOf, unitOf, wholeOf } from './cells.js';
import { encodingOf, FileCut, MalformedCsv, NotUtf8, recordsOf, TooMuchText } from './decode-file.js';
import { openNative } from './native-profile.js';
import { orderIdOf } from './staged-orders.js';
import { openUciRetail } from './uci-retail-profile.js';

describe('cells', () => {
  it.each([['12', 12n], ['۱۲', 12n], ['١٢', 12n], ['1,200', 1200n], ['۱٬۲۰۰٬۰۰۰', 1_200_000n], ['12.0', 12n], ['12.5', undefined], ['1,20', undefined], ['', undefined], ['-3', undefined], ['1e3', undefined]])('%s is %s', (text, whole) => {
    expect(wholeOf(text)).toBe(whole);
  });
  it.each([['0', undefined], ['1', 1], ['1000000000', 1_000_000_000], ['1000000001', undefined]])('a quantity of %s is %s', (text, quantity) => {
    expect(quantityOf(text)).toBe(quantity);
  });
  it.each([
    ['1405/05/31', '2026-08-22'], ['۱۴۰۵/۵/۳۱', '2026-08-22'], ['1405-05-31', '2026-08-22'], ['2026-08-22', '2026-08-22'], ['2026/8/22', '2026-08-22'],
    ['1405/12/30', undefined], ['2026-02-30', undefined], ['22/08/2026', undefined], ['tomorrow', undefined],
  ])('the date %s is %s', (text, day) => {
    expect(dateOf(text)).toBe(day);
  });
  it.each([
    ['نقدی', { days: 0, base: 'invoice', instrument: 'cash' }], ['cash', { days: 0, base: 'invoice', instrument: 'cash' }], ['برات ۹۰ روزه', { days: 90, base: 'invoice', instrument: 'barat' }],
    ['barat 90', { days: 90, base: 'invoice', instrument: 'barat' }], ['برات الکترونیکی 60', { days: 60, base: 'invoice', instrument: 'e-barat' }], ['سفته ۳۰ روز از رسید', { days: 30, base: 'receipt', instrument: 'safte' }],
    ['open 30 month-end', { days: 30, base: 'month-end', instrument: 'open' }], ['حساب باز ۴۵', { days: 45, base: 'invoice', instrument: 'open' }], ['چک', undefined], ['barat 400', undefined], ['later', undefined],
  ])('the terms %s are %o', (text, terms) => {
    expect(termsOf(text)).toEqual(terms);
  });
  it('units, fill policies and grades are read in both languages', () => {
    expect(['جفت', 'pr', 'Dozen', 'كارتن', 'bag'].map(unitOf)).toEqual(['PR', 'PR', 'DZN', 'CT', undefined]);
    expect(['یکجا', 'All or none', 'partial', 'پس‌سفارش', 'some'].map(fillOf)).toEqual(['all-or-none', 'all-or-none', 'partial', 'back-order', undefined]);
    expect(['a', 'ب', 'D'].map(gradeOf)).toEqual(['A', 'B', undefined]);
  });
});

describe('our own format', () => {
  const opened = (header: string) => openNative(header.split(','));
  it('takes columns in any order, in either language, and leaves others alone', () => {
    const reader = opened('note,Needed_By,تعداد,کد محل,PO NUMBER,بارکد');
    expect(reader.ok && reader.read(['x', '1405/05/31', '۵', 'DC-01', 'A-1', '6261000000016'])).toEqual({
      ok: true, poNumber: 'A-1', line: { gtin: '6261000000016', quantity: 5, shipTo: 'DC-01', neededBy: '2026-08-22' },
    });
  });
  it('names every missing and repeated column', () => {
    const reader = opened('po,qty,quantity');
    expect(!reader.ok && reader.faults.map(({ column, code }) => `${column} ${code}`)).toEqual(['quantity column-repeated', 'place code column-missing', 'needed by column-missing', 'code column-missing']);
  });
  it('tells every faulty cell of a row', () => {
    const reader = opened('po,code,quantity,place,needed by,unit,terms,fill,grade,variant id');
    expect(reader.ok && reader.read(['', 'x', '0', '', 'soon', 'bag', 'never', 'half', 'Z', '123'])).toMatchObject({
      ok: false, faults: [{ code: 'missing' }, { code: 'not-a-quantity' }, { code: 'missing' }, { code: 'not-a-date' }, { code: 'not-a-variant-id' }, { code: 'not-a-unit' }, { code: 'not-terms' }, { code: 'not-a-fill-policy' }, { code: 'not-a-grade' }],
    });
  });
});

describe('the retail file’s format', () => {
  const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'.split(',');
  const reader = openUciRetail(header, { rate: 1_200_000, dateShiftDays: 5_330, neededWithinDays: 30, ceilingPercent: 110 });
  const read = (changed: Partial<Record<string, string>>) =>
    reader.ok && reader.read(header.map((column) => changed[column] ?? { InvoiceNo: '565080', StockCode: '20677', Quantity: '8', InvoiceDate: '2011-09-01 08:25:00', UnitPrice: '1.25', CustomerID: '13509.0' }[column] ?? ''));
  it('makes the customer a store, moves the date and turns the price into a ceiling', () => {
    expect(read({})).toEqual({ ok: true, poNumber: '565080', line: { code: '20677', quantity: 8, shipTo: '13509', neededBy: '2026-05-05', priceCeiling: '1650000' } });
  });
  it.each([
    [{ InvoiceNo: 'C565080', Quantity: '-8', CustomerID: '' }, 'cancelled'], [{ Quantity: '-8', CustomerID: '' }, 'negative-quantity'], [{ CustomerID: '', UnitPrice: '0.0' }, 'without-customer'],
    [{ UnitPrice: '0.0', StockCode: 'POST' }, 'zero-price'], [{ StockCode: 'POST' }, 'not-a-product'], [{ StockCode: 'BANK CHARGES' }, 'not-a-product'], [{ InvoiceDate: '2011-13-01' }, 'not-a-date'], [{ UnitPrice: 'x' }, 'not-rials'],
  ])('%o is refused as %s, and for nothing else', (changed, code) => {
    const row = read(changed);
    expect(row && !row.ok && row.faults.map((fault) => fault.code)).toEqual([code]);
  });
});

describe('a file', () => {
  const chunks = async function* (bytes: Buffer, size = 7) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  };
  const cellsOf = async (bytes: Buffer, otherwise: 'utf-8' | 'windows-1256' = 'utf-8') => {
    const rows: (readonly string[])[] = [];
    for await (const { cells } of recordsOf(chunks(bytes), otherwise)) rows.push(cells);
    return rows;
  };
  it.each([
    ['commas', 'الف,b\n"x,y",۲\n'], ['semicolons', 'الف;b\nx,y;۲\n'], ['tabs', 'الف\tb\nx,y\t۲\r\n'],
  ])('is read with %s, however its bytes are cut', async (_, text) => {
    expect(await cellsOf(Buffer.from(text))).toEqual([['الف', 'b'], ['x,y', '۲']]);
    expect(await cellsOf(Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual([['الف', 'b'], ['x,y', '۲']]);
  });
  it('is known by its mark or its zeros', () => {
    expect([Buffer.from('\ufeffa'), Buffer.from('\ufeffa', 'utf16le'), Buffer.from('a,b\n', 'utf16le'), Buffer.from('a,b\n', 'utf16le').swap16(), Buffer.from('a,b')].map(encodingOf)).toEqual(['utf-8', 'utf-16le', 'utf-16le', 'utf-16be', undefined]);
  });
  it('says what it is not', async () => {
    await expect(cellsOf(Buffer.from([0x61, 0x2c, 0xd3, 0xcf, 0x0a]))).rejects.toBeInstanceOf(NotUtf8);
    expect(await cellsOf(Buffer.from([0x61, 0x2c, 0xd3, 0xcf, 0x0a]), 'windows-1256')).toEqual([['a', 'سد']]);
    await expect(cellsOf(Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.from('xxxxxxxxxxxx')]))).rejects.toBeInstanceOf(FileCut);
    await expect(cellsOf(Buffer.from(`a,b\n"${'x'.repeat(200_000)}`))).rejects.toBeInstanceOf(MalformedCsv);
  });
  it('that unzips into far more than it was is not read to its end', async () => {
    let read = 0;
    const bomb = gzipSync(Buffer.concat([Buffer.from('a,b\n'), Buffer.alloc(200_000, 'x,y\n')]));
    expect(bomb.length).toBeLessThan(2_000);
    const reading = async () => {
      for await (const { cells } of recordsOf(chunks(bomb, 65_536), 'utf-8', 100_000)) read += cells.length / 2;
    };
    await expect(reading()).rejects.toBeInstanceOf(TooMuchText);
    expect(read).toBeLessThanOrEqual(25_000);
  });
  it('of nothing has no rows', async () => {
    expect(await cellsOf(Buffer.alloc(0))).toEqual([]);
  });
});

it('an order’s id follows from its import and number', () => {
  expect(orderIdOf('a', '1')).toBe(orderIdOf('a', '1'));
  expect(orderIdOf('a', '1')).not.toBe(orderIdOf('b', '1'));
  expect(orderIdOf('a', '1')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});
