import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StepOverdue } from '@peyvand/contracts';
import { aParty } from '@peyvand/testing';
import { behaveTax, giveMemory, invoicedTrade, startDelivery, taxOf, type Given } from '../../test/trade.js';

describe('the buyer’s thirty days in the tax system', () => {
  let given: Given;
  beforeAll(async () => { given = await startDelivery(); });
  afterAll(() => given?.app.close());
  const sellerId = aParty();

  it('end in the system’s confirmation, of those alone on which nobody said a word; a late word still counts', async () => {
    await giveMemory(given, sellerId, 'HEAR01');
    const [silent, spoken, late] = [await invoicedTrade(given, { sellerId }), await invoicedTrade(given, { sellerId }), await invoicedTrade(given, { sellerId })];
    const state = async ({ seller, invoiceId }: typeof silent) => (await taxOf(seller, invoiceId)).tax;
    // Beside the word, each ten days, that the buyer has approved none of them: that is the other clock.
    const factsOf = async () => (await given.app.facts()).filter(({ type }) => type !== StepOverdue.type).length;
    const facts = await factsOf();

    const { taxId } = await taxOf(spoken.seller, spoken.invoiceId);
    await behaveTax(given, { reactions: { [taxId]: 'rejected', HEAR0200000000000000000: 'confirmed' } });
    await given.app.clock.advance({ days: 1 });
    expect([await state(silent), await state(spoken)]).toMatchObject([{ state: 'awaiting-reaction' }, { state: 'rejected' }]);

    // 30 days from 13 September, counted in Tehran to the last moment of the last day.
    await given.app.clock.advanceTo('2026-10-13T20:29:00Z');
    expect(await state(silent)).toMatchObject({ state: 'awaiting-reaction', reactBy: '2026-10-13' });
    await given.app.clock.advanceTo('2026-10-13T20:30:00Z');
    expect([await state(silent), await state(spoken), await state(late)]).toMatchObject([{ state: 'system-confirmed' }, { state: 'rejected' }, { state: 'system-confirmed' }]);

    await behaveTax(given, { reactions: { [(await taxOf(late.seller, late.invoiceId)).taxId]: 'rejected' } });
    await given.app.clock.advance({ days: 1 });
    expect([await state(silent), await state(late)]).toMatchObject([{ state: 'system-confirmed' }, { state: 'rejected' }]);

    // Two clocks: not one fact came of it, and no invoice moved.
    expect(await factsOf()).toBe(facts);
    expect(await given.app.sql('select distinct status, version from invoices where seller_id = $1', [sellerId])).toEqual([{ status: 'matched', version: 1 }]);
    expect(await given.app.parked()).toEqual([]);
  });
});

describe('the tax system by file', () => {
  let given: Given;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tax-'));
    given = await startDelivery({}, { DELIVERY_TAX: 'file', DELIVERY_TAX_FOLDER: folder });
    await mkdir(join(folder, 'answers'));
  });
  afterAll(async () => {
    await given?.app.close();
    await rm(folder, { recursive: true });
  });

  it('waits for answers, which may come late, twice, and about others’ ids', async () => {
    const sellerId = aParty();
    await giveMemory(given, sellerId, 'FILE01');
    const [one, two] = [await invoicedTrade(given, { sellerId }), await invoicedTrade(given, { sellerId })];
    const names = await readdir(join(folder, 'out'));
    const documents = (await Promise.all(names.map((name) => readFile(join(folder, 'out', name), 'utf8')))).join('').trimEnd().split('\n').map((line) => JSON.parse(line) as { taxId: string });
    const [first, second] = [await taxOf(one.seller, one.invoiceId), await taxOf(two.seller, two.invoiceId)];
    expect(documents).toMatchObject([
      { taxId: first.taxId, subject: 'original', sellerId, buyerId: one.match.buyerId, gross: '4382400000', lines: [{ quantity: 960, vatRate: 1000, vat: '398400000' }] }, { taxId: second.taxId },
    ]);
    expect([first.tax.state, second.tax.state]).toEqual(['sent', 'sent']);

    await given.app.clock.advance({ hours: 30 });
    const registered = JSON.stringify({ taxId: first.taxId, outcome: 'registered', on: '2026-09-14' });
    await writeFile(join(folder, 'answers', '1.jsonl'), `${registered}\n${registered}\n{"taxId":"ELSE0100000000000000000","outcome":"refused","reason":"x"}\n`);
    await writeFile(join(folder, 'answers', '2.jsonl'), `${JSON.stringify({ taxId: second.taxId, outcome: 'refused', reason: '0100604' })}\n{"taxId":`);
    await given.app.clock.advance({ hours: 1 });
    expect((await taxOf(one.seller, one.invoiceId)).tax).toMatchObject({ state: 'awaiting-reaction', registeredOn: '2026-09-14', reactBy: '2026-10-14' });
    expect((await taxOf(two.seller, two.invoiceId)).tax).toMatchObject({ state: 'sent' });
    await writeFile(join(folder, 'answers', '2.jsonl'), `${JSON.stringify({ taxId: second.taxId, outcome: 'refused', reason: '0100604' })}\n`);
    await given.app.clock.advance({ hours: 1 });
    expect((await taxOf(two.seller, two.invoiceId)).tax).toMatchObject({ state: 'refused', reason: '0100604' });
    expect(await readdir(join(folder, 'out'))).toEqual(names);
    expect(await given.app.parked()).toEqual([]);
  });
});

describe('without any tax system', () => {
  it('nothing is sent and nobody waits', async () => {
    const given = await startDelivery({}, { DELIVERY_TAX: 'none' });
    const sellerId = aParty();
    await giveMemory(given, sellerId, 'NONE01');
    const trade = await invoicedTrade(given, { sellerId });
    expect(await taxOf(trade.seller, trade.invoiceId)).toMatchObject({ tax: { state: 'not-sent' } });
    expect(await given.app.sql(`select kind from deadlines where kind like 'delivery/tax%'`)).toEqual([]);
    await given.app.close();
  });
});
