import { readFileSync } from 'node:fs';

import { expect, it } from '@jest/globals';
import { eventually, type Client } from './client.js';

/** Real order lines come in as a file: what is taken, what is refused and why, and the sums that must agree afterwards. */
export const importJourney = (platform: () => Client): void => {
  const file = new Uint8Array(readFileSync(new URL('../../../data/retail-order-lines-2011-09.csv.gz', import.meta.url)));
  const csv = { 'content-type': 'text/csv' };
  const upload = (user: string, path: string, body: string | Uint8Array<ArrayBuffer>, key: string) => platform().send('POST', user, path, body, { ...csv, 'idempotency-key': key });
  const ended = (user: string, id: string) => eventually(`import ${id}`, async () => (await platform().get(user, `/api/orders/imports/${id}`)).body, (found) => !['receiving', 'received', 'staging', 'staged', 'committing'].includes(found.state), 120_000);
  const bound = '14003007078';

  it('a small file of a chain: Persian headers and digits, a preview first, faults named by row', async () => {
    const { body: products } = await platform().get('narvan.buyer', '/api/producers/products?market=children-shoes');
    const variant = products.items[0].variants[3].variantId as string;
    const text = `شماره سفارش,شناسه کالا,تعداد,کد محل,تاریخ نیاز\nIMP-1,${variant},۱۲۰,DC-01,2098-12-01\nIMP-1,${variant},۸۰,DC-01,2098-12-01\nIMP-2,${variant},-5,DC-01,2098-12-01\nIMP-3,${variant},50,DC-99,2098-12-01\n`;
    const preview = await upload('narvan.buyer', '/api/orders/import?mode=preview&onFault=valid-only', text, `small-preview-${bound}`);
    expect(preview.status).toBe(202);
    const shown = await ended('narvan.buyer', preview.body.importId);
    expect(shown).toMatchObject({ state: 'done', rows: { read: 4 }, orders: { submitted: 0 } });
    const taken = await upload('narvan.buyer', '/api/orders/import?mode=commit&onFault=valid-only', text, `small-commit-${bound}`);
    const done = await ended('narvan.buyer', taken.body.importId);
    expect(done).toMatchObject({ state: 'done', orders: { submitted: 1 }, lines: { submitted: 2 }, quantity: { submitted: 200 } });
    const { body: faults } = await platform().get('narvan.buyer', `/api/orders/imports/${taken.body.importId}/faults`);
    expect(faults.items.map((fault: any) => fault.row)).toEqual(expect.arrayContaining([4, 5]));
    const again = await upload('narvan.buyer', '/api/orders/import?mode=commit&onFault=valid-only', text, `small-again-${bound}`);
    expect(again.body).toMatchObject({ importId: taken.body.importId, repeated: true });
  }, 120_000);

  it('50,226 real lines: taken, refused by reason, matched, and every sum agrees', async () => {
    const client = platform();
    const today = (await client.get(undefined, '/api/demo/clock')).body.day as string;
    await stockTheShelves(client, today);
    const before = (await client.get('operator', '/api/orders/totals')).body;
    const shift = Math.ceil((Date.parse(today) - Date.parse('2011-09-01')) / 86_400_000) + 30;
    const started = Date.now();
    const sent = await upload('mehrayin.buyer', `/api/orders/import?mode=commit&profile=uci-retail&rate=1200000&dateShiftDays=${shift}&neededWithinDays=120`, file, 'retail-file');
    expect(sent.status).toBe(202);
    const done = await ended('mehrayin.buyer', sent.body.importId);
    console.log(`the file was taken in ${Date.now() - started} ms`);
    expect(done).toMatchObject({ state: 'done', rows: { read: 50_226 } });
    expect(done.rows.valid + done.rows.faulty).toBe(50_226);
    expect(done.faults.map(({ code }: any) => code).length).toBeGreaterThan(2);
    const { body: totals } = await eventually('the matching of the file', () => client.get('operator', '/api/orders/totals'), ({ body }) => body.queued === 0 && Number(body.waiting) === Number(before.waiting), 240_000);
    expect(BigInt(totals.ordered) - BigInt(before.ordered)).toBeGreaterThanOrEqual(BigInt(done.quantity.submitted));
    expect(BigInt(totals.ordered)).toBe(BigInt(totals.matched) + BigInt(totals.waiting) + BigInt(totals.unmatched) + BigInt(totals.cancelled));
    expect({ committed: totals.committed, oversold: totals.oversold }).toEqual({ committed: totals.matched, oversold: 0 });
    expect(BigInt(totals.matched)).toBeGreaterThan(BigInt(before.matched));
    expect((await client.get('operator', '/api/financing/ledger/totals')).body.sum).toBe('0');
  }, 600_000);
};

/** Producers, stores and codes for the file's articles, through the public routes. */
const stockTheShelves = async (client: Client, today: string): Promise<void> => {
  const { supplyForRetailFile } = (await import(new URL('../../../tools/supply-for-retail-file.mjs', import.meta.url).href)) as { supplyForRetailFile(options: object): any };
  const makers = ['mina', 'nakhara', 'kavir', 'toos'].map((user) => ({ user, id: `0199a000-0000-7000-8000-0000000002${{ mina: '04', nakhara: '05', kavir: '07', toos: '08' }[user]}` }));
  const supply = supplyForRetailFile({ from: today, until: '2099-01-01', producers: makers.map(({ id }) => ({ id })) });
  const fine = (reply: { status: number; body: unknown }): void => {
    if (reply.status >= 300) throw new Error(`${reply.status} ${JSON.stringify(reply.body).slice(0, 600)}`);
  };
  for (const store of supply.stores) fine(await client.post('mehrayin.buyer', '/api/retailers/places', store));
  for (const { id, catalogues } of supply.producers) {
    const user = makers.find((maker) => maker.id === id)?.user ?? '';
    for (const catalogue of catalogues) fine(await client.post(`${user}.producer`, '/api/producers/catalogue', catalogue));
  }
  for (const codes of supply.codes) {
    await eventually('the codes', () => client.post('mehrayin.buyer', '/api/retailers/codes', codes), ({ status }) => status < 300, 30_000);
  }
  // Orders hear of them a moment later.
  await eventually('quiet', async () => Object.values((await (await fetch(`${client.url}/idlez`)).json()) as Record<string, { unsent: number; lag: number }>), (all) => all.every(({ unsent, lag }) => unsent === 0 && lag === 0), 60_000);
};
