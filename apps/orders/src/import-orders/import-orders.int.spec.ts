import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CodesCrossReferenced, OfferPublished, OrderSubmitted, ProducerVerified, ProductListed, StoreOpened, type NewFact } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { transact } from '@peyvand/messaging';
import { aParty } from '@peyvand/testing';
import { aWorld, market, type World } from '../../test/world.js';
import { runImport } from './run-import.js';
import { stageFile } from './stage-file.js';
import { loadChunk } from './staged-orders.js';
import { findImport } from './store/import.store.js';

const retailFile = new URL('../../../../data/retail-order-lines-2011-09.csv.gz', import.meta.url);

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.close());

const send = (content: string | Buffer, parameters: string, options: { idempotencyKey?: string } = {}) => world.buyer.upload(`/api/orders/import?${parameters}`, content, 'text/csv', options);
const ended = async (importId: string) => {
  await world.app.settle();
  return (await world.buyer.get(`/api/orders/imports/${importId}`)).body;
};
const taken = async (content: string | Buffer, parameters: string) => {
  const { status, body } = await send(content, parameters);
  expect(status).toBe(202);
  return ended(body.importId);
};
const faultsOf = async (importId: string) => (await world.buyer.get(`/api/orders/imports/${importId}/faults?limit=200`)).body.items.map(({ row, column, code }: { row: number; column: string; code: string }) => `${row} ${column} ${code}`);
const ordersOf = async (importId: string) => Number((await world.app.sql('select count(*) as n from orders where import_id = $1', [importId]))[0]?.['n']);

const header = 'po number,code,quantity,place code,needed by';

describe('importing orders', () => {
  it('previews a file: everything is counted and checked, nothing is written', async () => {
    const found = await taken(`${header}\nPV-1,NRV-1,10,DC-01,2026-06-01\nPV-1,NRV-1,5,DC-01,2026-06-01\nPV-2,NRV-1,7,DC-01,2026-06-01\n`, 'mode=preview');
    expect(found).toMatchObject({ state: 'done', progress: 100, rows: { read: 3, valid: 3, faulty: 0 }, orders: { found: 2, submitted: 0 }, quantity: { valid: 22, submitted: 0 }, faults: [] });
    expect(await world.app.sql(`select from orders where po_number like 'PV-%'`)).toEqual([]);
  });

  it('commits a file: orders are told with their import, rows of an order stand together', async () => {
    const found = await taken(`${header}\nCM-1,NRV-1,10,DC-01,2026-06-01\nCM-2,NRV-1,7,DC-01,2026-06-01\nCM-1,NRV-1,5,DC-01,2026-06-01\n`, 'mode=commit');
    expect(found).toMatchObject({ state: 'done', orders: { found: 2, submitted: 2 }, lines: { submitted: 3 }, quantity: { valid: 22, submitted: 22 }, units: { ordered: 22 } });
    const facts = (await world.app.facts(OrderSubmitted)).filter(({ data }) => data.importId === found.importId);
    expect(facts.map(({ data }) => [data.poNumber, data.lines.map((line: { quantity: number }) => line.quantity)])).toEqual([['CM-1', [10, 5]], ['CM-2', [7]]]);
    expect(await world.app.sql('select from import_lines where import_id = $1', [found.importId])).toEqual([]);
  });

  it('takes every variant that a code names, and tells at the code why one will not do', async () => {
    const [also, boots] = [await world.list(), await world.list({ market: 'boots' })];
    await world.refer('ALSO-1', world.variantId, also);
    await world.refer('ALSO-2', world.variantId, boots);
    const found = await taken(`${header}\nAL-1,also ۱,10,DC-01,2026-06-01\nAL-2,ALSO-2,10,DC-01,2026-06-01\n`, 'mode=commit&onFault=valid-only');
    expect(found).toMatchObject({ state: 'done', orders: { submitted: 1 } });
    expect(await faultsOf(found.importId)).toEqual(['3 code market-differs']);
    const [fact] = (await world.app.facts(OrderSubmitted)).filter(({ data }) => data.importId === found.importId);
    expect(fact?.data.lines).toMatchObject([{ variantId: world.variantId, substitutes: [also] }]);
  });

  it('reads Persian headers, digits and Jalali dates from a Windows-1256 file with semicolons', async () => {
    const text = 'شماره سفارش;کد کالا;تعداد;واحد;محل تحويل;تاريخ نياز;سقف قيمت;شرايط پرداخت;روش تامين\nف-۱;NRV-1;۱۲;جفت;DC-01;۱۴۰۵/۰۳/۱۱;۴٬۱۵۰٬۰۰۰;برات ۹۰ روز;يکجا\n';
    const found = await taken(windows1256(text), 'mode=commit');
    expect(found).toMatchObject({ state: 'done', file: { encoding: 'windows-1256' }, orders: { submitted: 1 } });
    const [line] = await world.app.sql(`select quantity, unit, needed_by::text, price_ceiling, terms, fill_policy from lines join orders using (order_id) where import_id = $1`, [found.importId]);
    expect(line).toEqual({ quantity: 12, unit: 'PR', needed_by: '2026-06-01', price_ceiling: '4150000', terms: { days: 90, base: 'invoice', instrument: 'barat' }, fill_policy: 'all-or-none' });
  });

  it('reads UTF-16 with tabs, as spreadsheets save it, and gzip', async () => {
    const text = `\ufeff${header.replaceAll(',', '\t')}\nU-1\tNRV-1\t3\tDC-01\t2026-06-01\r\n`;
    expect(await taken(Buffer.from(text, 'utf16le'), 'mode=preview')).toMatchObject({ state: 'done', rows: { read: 1, valid: 1 } });
    expect(await taken(gzipSync(text), 'mode=preview')).toMatchObject({ state: 'done', rows: { read: 1, valid: 1 } });
  });

  const faulty = `${header},price ceiling\nF-1,NRV-1,10,DC-01,2026-06-01,\n\nF-1,NRV-1,ten,DC-01,2026-13-01,1.5\nF-2,X-9,4,NOWHERE,2026-06-01,\nF-3,NRV-1,6,DC-01,2025-01-01,\nCM-1,NRV-1,1,DC-01,2026-06-01,\nF-4,NRV-1,,DC-01,2026-06-01,\n`;
  const told = ['4 quantity not-a-quantity', '4 needed by not-a-date', '4 price ceiling not-rials', '5 code code-unknown', '5 place code place-unknown', '6 needed by needed-by-past', '7 po number po-number-taken', '8 quantity missing'];

  it('tells every fault by row and column, and refuses all when one is faulty', async () => {
    const found = await taken(faulty, 'mode=commit');
    expect(found).toMatchObject({ state: 'failed', reason: 'has-faults', rows: { read: 6, valid: 1, faulty: 5 }, orders: { submitted: 0 } });
    expect(await faultsOf(found.importId)).toEqual(told);
    const csv = await world.buyer.get(`/api/orders/imports/${found.importId}/faults`, { headers: { accept: 'text/csv' }, locale: 'fa' });
    expect(csv.body.split('\r\n')).toHaveLength(told.length + 2);
    expect(csv.body).toContain('4,quantity,not-a-quantity,');
  });

  it('takes the valid rows when that is wished', async () => {
    const found = await taken(faulty, 'mode=commit&onFault=valid-only');
    expect(found).toMatchObject({ state: 'done', rows: { read: 6, valid: 1, faulty: 5 }, orders: { submitted: 1 }, quantity: { submitted: 10 } });
    expect(await faultsOf(found.importId)).toEqual(told);
  });

  it('names goods by GTIN', async () => {
    const variantId = newId();
    await world.deliver(ProductListed.of({ ...ProductListed.sample, productId: newId(), market, variants: [{ variantId, code: 'G', gtin: '6261000000016' }] }));
    const found = await taken('po number,gtin,quantity,place code,needed by\nGT-1,6261000000016,2,DC-01,2026-06-01\nGT-2,6261000000023,2,DC-01,2026-06-01\nGT-3,6261000000017,2,DC-01,2026-06-01\n', 'mode=commit&onFault=valid-only');
    expect(found.orders.submitted).toBe(1);
    expect(await faultsOf(found.importId)).toEqual(['3 gtin gtin-unknown', '4 gtin not-a-gtin']);
  });

  it.each([
    ['an empty header', '\n\n', 'failed', 'no-rows'],
    ['missing columns', 'po number,quantity\nA,1\n', 'failed', 'header-invalid'],
    ['no rows', `${header}\n`, 'failed', 'no-rows'],
    ['a gzip that ends early', gzipSync(`${header}\n${'x'.repeat(10_000)}\n`).subarray(0, 60), 'cut', 'file-cut'],
  ])('ends visibly with %s', async (_, content, state, reason) => {
    const found = await taken(content, 'mode=commit');
    expect(found).toMatchObject({ state, reason, orders: { submitted: 0 } });
    expect(found.message).not.toBe('');
  });

  it('is the same import for the same file, and another for a preview', async () => {
    const file = `${header}\nSM-1,NRV-1,10,DC-01,2026-06-01\n`;
    const first = await taken(file, 'mode=commit');
    const again = await send(file, 'mode=commit');
    expect([again.status, again.body]).toEqual([202, { importId: first.importId, state: 'done', repeated: true }]);
    expect(await world.app.sql(`select from orders where po_number = 'SM-1'`)).toHaveLength(1);
    expect((await send(file, 'mode=preview')).body.repeated).toBe(false);
    await world.app.settle();
    const other = world.app.as({ party: aParty(), roles: ['buyer'] });
    expect((await other.upload('/api/orders/import?mode=commit', file, 'text/csv')).body.repeated).toBe(false);
    expect((await other.get(`/api/orders/imports/${first.importId}`)).status).toBe(404);
    expect((await other.get(`/api/orders/imports/${first.importId}/faults`)).status).toBe(404);
    await world.app.settle();
  });

  it('answers a repetition of the request alike, and another file under its key with a problem', async () => {
    const file = `${header}\nID-1,NRV-1,10,DC-01,2026-06-01\n`;
    const first = await send(file, 'mode=preview', { idempotencyKey: 'file-1' });
    const again = await send(file, 'mode=preview', { idempotencyKey: 'file-1' });
    expect(again.body).toEqual(first.body);
    expect((await send(`${file}\n`, 'mode=preview', { idempotencyKey: 'file-1' })).body.type).toBe('urn:peyvand:problem:idempotency-key-reused');
    await world.app.settle();
    expect(await world.app.sql(`select from imports where state = 'receiving'`)).toEqual([]);
  });

  it('refuses what it cannot be: no mode, no rate, no file, JSON', async () => {
    expect((await send('x', '')).body.errors).toMatchObject([{ path: 'mode' }]);
    expect((await send('x', 'mode=commit&profile=uci-retail')).body.errors).toMatchObject([{ path: 'rate' }, { path: 'dateShiftDays' }]);
    expect((await send('', 'mode=commit')).body.type).toBe('urn:peyvand:problem:file-empty');
    expect((await world.buyer.post('/api/orders/import?mode=commit', { lines: [] })).status).toBe(415);
    expect(await world.app.sql(`select from imports where state = 'receiving'`)).toEqual([]);
  });

  it.each([
    ['more rows than a file may have', 4, { rows: 3, faulty: 100 }, 'too-many-rows', '5 '],
    ['faults in most of its rows', 9, { rows: 100, faulty: 2 }, 'too-many-faults', '8 '],
  ])('gives a file up that has %s, and submits nothing of it', async (_, rows, most, reason, at) => {
    // The first rows are good, so that a few faults alone do not end it.
    const file = `${header}\n${Array.from({ length: rows }, (_, i) => `LM-${i},NRV-1,${reason === 'too-many-faults' && i > 2 ? 'x' : 1},DC-01,2026-06-01`).join('\n')}\n`;
    const { body } = await send(file, 'mode=preview');
    await world.app.settle();
    const importId = newId();
    await world.app.sql(`insert into imports (import_id, buyer_id, submitted_by, mode, profile, parameters, on_fault, state, received_at, correlationid, parties)
      select $1, buyer_id, submitted_by, 'commit', profile, parameters, 'valid-only', 'staging', received_at, correlationid, parties from imports where import_id = $2`, [importId, body.importId]);
    await world.app.sql('insert into import_parts values ($1, 0, $2)', [importId, Buffer.from(file)]);
    const found = await transact(world.app.source, (tx) => findImport(tx, importId));
    if (found === undefined) throw new Error('The import is not there');
    await stageFile(world.app.source, found, most);
    expect(await ended(importId)).toMatchObject({ state: 'failed', reason, orders: { submitted: 0 } });
    expect((await faultsOf(importId)).filter((fault: string) => fault.endsWith(reason))).toEqual([`${at} ${reason}`]);
    expect(await world.app.sql('select from import_parts where import_id = $1', [importId])).toEqual([]);
  });

  it('takes ten files of a buyer at once, and the same file again all the same', async () => {
    const other = world.app.as({ party: aParty(), roles: ['buyer'] });
    const file = (n: number) => `${header}\nTN-${n},NRV-1,1,DC-01,2026-06-01\n`;
    const upload = (n: number) => other.upload('/api/orders/import?mode=commit', file(n), 'text/csv');
    const first = await upload(0);
    await world.app.settle();
    await world.app.sql(`insert into imports (import_id, buyer_id, submitted_by, mode, profile, parameters, on_fault, state, fingerprint, received_at, correlationid, parties)
      select gen_random_uuid(), buyer_id, submitted_by, mode, profile, parameters, on_fault, 'staging', 'f' || n, received_at, correlationid, parties from imports, generate_series(1, 9) n where import_id = $1`, [first.body.importId]);
    await world.app.sql(`update imports set state = 'committing' where import_id = $1`, [first.body.importId]);
    expect(await upload(1)).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:imports-under-way' } });
    expect((await upload(0)).body).toMatchObject({ importId: first.body.importId, repeated: true });
    await world.app.sql(`update imports set state = 'failed' where buyer_id = (select buyer_id from imports where import_id = $1)`, [first.body.importId]);
    expect((await upload(1)).status).toBe(202);
    await world.app.settle();
    expect(await world.app.sql(`select from imports where state = 'receiving'`)).toEqual([]);
  });

  it('finds the remains of an upload whose process died, and clears them away', async () => {
    const { body } = await send(`${header}\nRM-1,NRV-1,10,DC-01,2026-06-01\n`, 'mode=preview');
    await world.app.settle();
    const importId = newId();
    await world.app.sql(`insert into imports (import_id, buyer_id, submitted_by, mode, profile, parameters, on_fault, state, received_at, touched_at, correlationid, parties)
      select $1, buyer_id, submitted_by, mode, profile, parameters, on_fault, 'receiving', received_at, clock_timestamp() - interval '2 hours', correlationid, parties from imports where import_id = $2`, [importId, body.importId]);
    await world.app.sql(`insert into import_parts values ($1, 0, 'x')`, [importId]);
    expect((await world.buyer.get(`/api/orders/imports/${importId}`)).body).toMatchObject({ state: 'cut', reason: 'upload-cut' });
    await send(`${header}\nRM-2,NRV-1,10,DC-01,2026-06-01\n`, 'mode=preview');
    await world.app.settle();
    expect(await world.app.sql('select state from imports where import_id = $1', [importId])).toEqual([{ state: 'cut' }]);
    expect(await world.app.sql('select from import_parts where import_id = $1', [importId])).toEqual([]);
  });

  it('keeps nothing of an upload that is cut in the middle, and says so', async () => {
    await world.app.fastify.listen({ port: 0, host: '127.0.0.1' });
    const { port } = world.app.fastify.server.address() as AddressInfo;
    const token = await world.app.keys.tokenFor({ party: world.networkId, roles: ['buyer'] });
    const upload = request({ port, method: 'POST', path: '/api/orders/import?mode=commit', headers: { 'content-type': 'text/csv', 'content-length': 2_000_000, 'idempotency-key': 'cut-1', authorization: `Bearer ${token}` } });
    upload.on('error', () => {});
    upload.write(`${header}\n${'CUT-1,NRV-1,10,DC-01,2026-06-01\n'.repeat(40_000)}`);
    await sleep(300);
    upload.destroy();
    for (let tries = 0; tries < 100 && (await world.app.sql(`select from imports where state = 'receiving'`)).length > 0; tries += 1) await sleep(30);
    const { body } = await world.buyer.get('/api/orders/imports');
    expect(body.items.find(({ reason }: { reason?: string }) => reason === 'upload-cut')).toMatchObject({ state: 'cut', orders: { submitted: 0 } });
    expect(await world.app.sql(`select from import_parts`)).toEqual([]);
    expect(await world.app.sql(`select from orders where po_number = 'CUT-1'`)).toEqual([]);
  });
});

describe('an import that was killed', () => {
  const file = `${header}\n${Array.from({ length: 9_000 }, (_, i) => `K-${Math.floor(i / 3)},NRV-1,${1 + (i % 7)},DC-01,2026-06-01`).join('\n')}\n`;
  const steps = ['staging', 'staged', 'committing'] as const;

  it('goes on where it stopped and doubles nothing, whatever it was doing', async () => {
    const source = world.app.source;
    const { body } = await send(file, 'mode=preview');
    await world.app.settle();
    // Takes the import back to where a killed worker may have left it, by keeping it from ending.
    const importId = newId();
    await world.app.sql(`insert into imports (import_id, buyer_id, submitted_by, mode, profile, parameters, on_fault, state, received_at, correlationid, parties)
      select $1, buyer_id, submitted_by, 'commit', profile, parameters, on_fault, 'received', received_at, correlationid, parties from imports where import_id = $2`, [importId, body.importId]);
    const bytes = Buffer.from(file);
    for (let part = 0; part * 65_536 < bytes.length; part += 1) await world.app.sql('insert into import_parts values ($1, $2, $3)', [importId, part, bytes.subarray(part * 65_536, (part + 1) * 65_536)]);
    for (const state of steps) {
      const dying = new Error('killed');
      let left = state === 'committing' ? 1 : 2;
      const mortal = new Proxy(source, { get: (target, name) => {
        if (name !== 'pool') return Reflect.get(target, name, target) as unknown;
        return { connect: async () => {
          const [row] = await world.app.sql<{ state: string }>('select state from imports where import_id = $1', [importId]);
          if (row?.state === state && left-- <= 0) throw dying;
          return target.pool.connect();
        } };
      } });
      await expect(runImport(mortal, importId)).rejects.toThrow('killed');
      expect((await transact(source, (tx) => findImport(tx, importId)))?.state).toBe(state);
    }
    await Promise.all([runImport(source, importId), runImport(source, importId)]);
    const found = await ended(importId);
    expect(found).toMatchObject({ state: 'done', rows: { read: 9_000, valid: 9_000 }, orders: { found: 3_000, submitted: 3_000 }, lines: { submitted: 9_000 } });
    expect(await ordersOf(importId)).toBe(3_000);
    expect(found.units.ordered).toBe(found.quantity.submitted);
    expect((await world.app.facts(OrderSubmitted)).filter(({ data }) => data.importId === importId)).toHaveLength(3_000);
    expect(await transact(source, (tx) => loadChunk(tx, { importId } as never, 0))).toEqual({ orders: [], faulty: [] });
  });
});

// Submitted, matched and carried on it is by the journeys (apps/all-in-one/test), while processes are killed.
describe('the month of real order lines', () => {
  it('is read whole: every row is an order line or has its reason', async () => {
    for (const lot of await supplyFacts(world.networkId)) await world.app.deliver(lot);
    const { status, body } = await world.buyer.upload('/api/orders/import?mode=preview&profile=uci-retail&rate=1200000&dateShiftDays=5330&ceilingPercent=150', readFileSync(retailFile), 'application/octet-stream');
    expect(status).toBe(202);
    // The service keeps its few connections busy meanwhile; a look that finds none free tells nothing.
    for (let busy = true; busy; await sleep(500)) busy = await world.app.sql<{ busy: boolean }>(underWay).then(([row]) => row?.busy ?? true, () => true);
    const found = await ended(body.importId);
    expect(found).toMatchObject({ state: 'done', rows: { read: 50_226, valid: 39_869, faulty: 10_357 }, orders: { found: 1_739, submitted: 0 }, quantity: { valid: 544_070 } });
    expect(Object.fromEntries(found.faults.map(({ code, count }: { code: string; count: number }) => [code, count]))).toEqual({
      'without-customer': 9_293, 'cancelled': 805, 'not-a-product': 159, 'negative-quantity': 98, 'zero-price': 2,
    });
  }, 600_000);
});

/** The supply side of tools/supply-for-retail-file.mjs as facts, in lots that a batch takes. */
const supplyFacts = async (networkId: string): Promise<NewFact[][]> => {
  const { supplyForRetailFile } = await import(new URL('../../../../tools/supply-for-retail-file.mjs', import.meta.url).href) as Row;
  const supply = supplyForRetailFile({ from: '2026-03-21', until: '2026-12-20' });
  const facts: NewFact[] = supply.stores.map(({ id: placeId, kind, code, city, province, latitude, longitude }: Row) =>
    StoreOpened.of({ networkId, place: { placeId, city, province, latitude, longitude }, kind, code }) as NewFact);
  for (const { codes } of supply.codes) facts.push(CodesCrossReferenced.of({ networkId, codes }));
  for (const { id: producerId, registration: { place }, catalogues } of supply.producers) {
    facts.push(ProducerVerified.of({ producerId, licence: 'operation', validUntil: '2028-03-19' }));
    for (const { id: productId, offers, variants, ...product } of catalogues.flatMap(({ products }: Row) => products)) {
      const [{ id: variantId, code }] = variants;
      facts.push(ProductListed.of({ ...product, productId, producerId, variants: [{ variantId, code }], packs: [] }));
      for (const { id: offerId, code: _, ...offer } of offers) facts.push(OfferPublished.of({ ...offer, offerId, producerId, productId, variantId, market: product.market, unit: product.unit, place, revision: 1 }));
    }
  }
  return Array.from({ length: Math.ceil(facts.length / 500) }, (_, i) => facts.slice(i * 500, (i + 1) * 500));
};

const underWay = `select exists (select from imports where state not in ('done', 'failed', 'cut')) or exists (select from unsent) or exists (select from queue where ready) as busy`;

type Row = any; // eslint-disable-line @typescript-eslint/no-explicit-any -- bodies of a plain script

/** Windows-1256 for the few letters the test writes. */
const windows1256 = (text: string): Buffer => {
  const decoder = new TextDecoder('windows-1256');
  const codes = new Map(Array.from({ length: 256 }, (_, code) => [decoder.decode(Uint8Array.of(code)), code]));
  return Buffer.from([...text.replaceAll('ی', 'ي').replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 0xf)).replaceAll('٬', ',')].map((letter) => codes.get(letter) ?? 0x3f));
};
