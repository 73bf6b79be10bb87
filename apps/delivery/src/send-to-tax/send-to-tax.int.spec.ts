import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseTaxId, taxIdParts, type TaxId } from '@peyvand/kernel';
import { aParty } from '@peyvand/testing';
import { approvedTrade, behaveTax, giveMemory, invoicedTrade, receivedTrade, startDelivery, taxOf, type Given } from '../../test/trade.js';

describe('telling the tax system', () => {
  let given: Given;
  beforeAll(async () => { given = await startDelivery(); });
  afterAll(() => given?.app.close());

  it('happens after the invoice is issued, under a tax id of ours, and tells no fact', async () => {
    const trade = await receivedTrade(given);
    await giveMemory(given, trade.match.sellerId, 'GMK001');
    const before = (await given.app.facts()).length;
    const { invoiceId } = await invoicedTrade(given, {}, trade);
    const { taxId, tax } = await taxOf(trade.seller, invoiceId);
    expect(tax).toEqual({ state: 'awaiting-reaction', registeredOn: '2026-09-13', reactBy: '2026-10-13', text: { fa: 'در انتظار واکنش', en: 'Registered, awaiting the buyer’s reaction' } });
    expect(parseTaxId(taxId).ok && taxIdParts(taxId as TaxId)).toMatchObject({ memory: 'GMK001', on: '2026-09-13' });
    expect((await given.app.facts()).slice(before).map((fact) => fact.type.split('.')[3])).toEqual(['InvoiceIssued', 'InvoiceMatched']);
    expect(await given.app.sql('select version from invoices where invoice_id = $1', [invoiceId])).toEqual([{ version: 1 }]);
  });

  it('is not needed of a seller that is not registered on that day', async () => {
    const trade = await receivedTrade(given);
    await given.operator.post('/api/delivery/tax-standings', { sellerId: trade.match.sellerId, from: '2026-01-01', registered: false });
    const { invoiceId } = await invoicedTrade(given, {}, trade);
    expect(await taxOf(trade.seller, invoiceId)).toMatchObject({ taxId: undefined, tax: { state: 'not-needed' } });
  });

  it('waits for the memory id, says so, and goes on once it is given', async () => {
    const one = await invoicedTrade(given);
    expect(await taxOf(one.seller, one.invoiceId)).toMatchObject({ taxId: undefined, tax: { state: 'memory-id-missing' } });
    const attention = async () => (await one.seller.get('/api/delivery/invoices?tax=attention')).body.items.map((item: { invoiceId: string }) => item.invoiceId);
    expect(await attention()).toEqual([one.invoiceId]);
    await giveMemory(given, one.match.sellerId, 'LATE01');
    expect(await taxOf(one.seller, one.invoiceId)).toMatchObject({ taxId: expect.stringMatching(/^LATE01/), tax: { state: 'awaiting-reaction' } });
    expect(await attention()).toEqual([]);
  });

  it('misses none when the memory id is given while invoices are on their way', async () => {
    const sellerId = aParty();
    const trades = [];
    for (let n = 0; n < 6; n += 1) trades.push(await receivedTrade(given, { sellerId }));
    await Promise.all([...trades.map((trade) => invoicedTrade(given, {}, trade)), giveMemory(given, sellerId, 'RACE01')]);
    const rows = await given.app.sql(`select state, count(distinct tax_id)::int as ids from tax_documents where seller_id = $1 group by state`, [sellerId]);
    expect(rows).toEqual([{ state: 'awaiting-reaction', ids: 6 }]);
  });

  it('repeats a lot that failed with the same id, and serials are never used twice', async () => {
    const sellerId = aParty();
    await giveMemory(given, sellerId, 'SAME01');
    const first = await invoicedTrade(given, { sellerId });
    await behaveTax(given, { documents: 'down' });
    const trade = await receivedTrade(given, { sellerId });
    const { body } = await trade.seller.post(`/api/delivery/shipments/${trade.shipmentId}/invoice`, { invoiceNumber: 'GMK-7' });
    const tried = async () => (await given.app.sql(`select attempts from deadlines where kind = 'delivery/tax'`))[0]?.attempts as number;
    while (((await tried()) ?? 0) < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    const during = await taxOf(trade.seller, body.invoiceId);
    expect(during).toMatchObject({ taxId: expect.stringMatching(/^SAME01/), tax: { state: 'not-sent' } });
    // The trade does not wait for it.
    expect(await trade.maker.post(`/api/delivery/invoices/${body.invoiceId}/approve`)).toMatchObject({ status: 200 });
    await behaveTax(given, { documents: 'ok' });
    await given.app.settle();
    expect(await taxOf(trade.seller, body.invoiceId)).toMatchObject({ taxId: during.taxId, tax: { state: 'awaiting-reaction' } });
    expect((await taxOf(first.seller, first.invoiceId)).taxId).not.toBe(during.taxId);
  });

  it('takes an answer that was lost, repeated or late for one', async () => {
    const sellerId = aParty();
    await giveMemory(given, sellerId, 'TWICE1');
    await behaveTax(given, { documents: 'twice' });
    const twice = await invoicedTrade(given, { sellerId });
    expect((await taxOf(twice.seller, twice.invoiceId)).tax).toMatchObject({ state: 'awaiting-reaction' });
    await behaveTax(given, { documents: 'late' });
    const late = await invoicedTrade(given, { sellerId });
    const { taxId, tax } = await taxOf(late.seller, late.invoiceId);
    expect(tax.state).toBe('sent');
    await behaveTax(given, { documents: 'ok' });
    await given.app.clock.advance({ hours: 1 });
    expect(await taxOf(late.seller, late.invoiceId)).toMatchObject({ taxId, tax: { state: 'awaiting-reaction', registeredOn: '2026-09-13' } });
    expect(await given.app.sql('select times from simulated_tax_book where tax_id in ($1, $2) order by times', [taxId, (await taxOf(twice.seller, twice.invoiceId)).taxId])).toEqual([{ times: 1 }, { times: 2 }]);
  });

  it('keeps a refusal with its reason for the seller to see', async () => {
    const sellerId = aParty();
    await giveMemory(given, sellerId, 'NONO01');
    await behaveTax(given, { documents: 'refuse' });
    const trade = await invoicedTrade(given, { sellerId });
    await behaveTax(given, { documents: 'ok' });
    expect((await taxOf(trade.seller, trade.invoiceId)).tax).toMatchObject({ state: 'refused', reason: 'buyer-unknown' });
    expect((await trade.seller.get('/api/delivery/invoices?tax=attention')).body.items).toMatchObject([{ invoiceId: trade.invoiceId, tax: { state: 'refused' } }]);
    const { body } = await trade.seller.get('/api/delivery/invoices', { locale: 'fa', headers: { accept: 'text/csv' } });
    expect(body.split('\r\n')[0]).toContain('وضعیت,شمارهٔ منحصربه‌فرد مالیاتی,وضعیت در سامانهٔ مؤدیان,');
    expect(body).toMatch(/,تطبیق‌شده,NONO01[0-9A-F]{15}\d,سامانه نپذیرفته است,/);
  });

  it('corrects a registered invoice that its seller replaces, and never sends one that was replaced before', async () => {
    const sellerId = aParty();
    const trade = await receivedTrade(given, { sellerId });
    const wrong = await trade.seller.post(`/api/delivery/shipments/${trade.shipmentId}/invoice`, { invoiceNumber: 'W-1', lines: [{ lineId: trade.lineId, quantity: 1000 }] });
    await given.app.settle();
    const second = await trade.seller.post(`/api/delivery/invoices/${wrong.body.invoiceId}/replace`, { invoiceNumber: 'W-2', lines: [{ lineId: trade.lineId, quantity: 999 }] });
    await giveMemory(given, sellerId, 'WRONG1');
    const third = await trade.seller.post(`/api/delivery/invoices/${second.body.invoiceId}/replace`, { invoiceNumber: 'W-3' });
    await given.app.settle();
    expect((await taxOf(trade.seller, wrong.body.invoiceId)).tax.state).toBe('not-needed');
    expect((await taxOf(trade.seller, second.body.invoiceId)).tax.state).toBe('cancelled');
    expect((await taxOf(trade.seller, third.body.invoiceId)).tax.state).toBe('awaiting-reaction');
    expect(await given.app.sql('select subject, original_id from tax_documents where document_id = $1', [third.body.invoiceId])).toEqual([{ subject: 'corrective', original_id: second.body.invoiceId }]);
  });

  it('tells a return once the invoice it takes back from is registered', async () => {
    const trade = await approvedTrade(given);
    const back = await trade.storekeeper.post(`/api/delivery/invoices/${trade.invoiceId}/returns`, { lines: [{ lineId: trade.lineId, quantity: 10 }], reason: 'return' });
    await given.app.settle();
    const note = async () => (await trade.seller.get(`/api/delivery/invoices/${trade.invoiceId}`)).body.creditNotes[0];
    expect(await note()).toMatchObject({ creditNoteId: back.body.creditNoteId, tax: { state: 'waiting-for-original' } });
    await giveMemory(given, trade.match.sellerId, 'BACK01');
    expect(await note()).toMatchObject({ taxId: expect.stringMatching(/^BACK01/), tax: { state: 'awaiting-reaction' } });
    expect(await given.app.parked()).toEqual([]);
  });

  it('of standing invoices goes in lots', async () => {
    const sellerId = aParty();
    await giveMemory(given, sellerId, 'LOTS01');
    const trade = await receivedTrade(given, { sellerId });
    await trade.seller.put('/api/delivery/standing-invoicing', { invoice: 'on-receipt', prefix: 'GMK' });
    const auto = await receivedTrade(given, { sellerId });
    await given.app.settle();
    const [row] = await given.app.sql(`select t.tax_id, t.state from tax_documents t join invoices i on i.invoice_id = t.document_id where i.shipment_id = $1`, [auto.shipmentId]);
    expect(row).toMatchObject({ tax_id: expect.stringMatching(/^LOTS01/), state: 'awaiting-reaction' });
  });

  it('shows nothing of it to a stranger', async () => {
    const trade = await invoicedTrade(given);
    expect(await given.app.as({ party: aParty(), roles: ['producer'] }).get(`/api/delivery/invoices/${trade.invoiceId}`)).toMatchObject({ status: 404 });
    expect((await given.app.as({ party: aParty(), roles: ['producer'] }).get('/api/delivery/invoices?tax=attention')).body.items).toEqual([]);
  });
});
