import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DiscrepancyFound, InvoiceIssued, InvoiceMatched, ProductListed } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aParty } from '@peyvand/testing';
import { dispatchedTrade, receivedTrade, startDelivery, type Given, type Trade } from '../../test/trade.js';

describe('invoicing a shipment', () => {
  let given: Given;
  beforeAll(async () => { given = await startDelivery(); });
  afterAll(() => given?.app.close());
  const issue = ({ seller, shipmentId }: Trade, body: object = {}, options = {}) => seller.post(`/api/delivery/shipments/${shipmentId}/invoice`, { invoiceNumber: 'GMK-1405-118', ...body }, options);
  const problem = (name: string) => ({ body: { type: `urn:peyvand:problem:${name}` } });

  it('fills the invoice from order, receipt and tax table, and matches it', async () => {
    const trade = await receivedTrade(given);
    const id = newId();
    const reply = await issue(trade, { id });
    expect(reply).toMatchObject({ status: 201, body: { invoiceId: id, status: 'matched', gross: '4382400000', lines: [{ quantity: 960, amount: '3984000000', vatRate: 1000, vat: '398400000' }] } });
    for (const contract of [InvoiceIssued, InvoiceMatched]) expect((await given.app.facts(contract)).filter((fact) => fact.key === trade.match.orderId)).toMatchObject([{ data: { invoiceId: id, gross: '4382400000' } }]);
    expect(await given.app.sql('select gross, status from invoices where invoice_id = $1', [id])).toEqual([{ gross: '4382400000', status: 'matched' }]);
    expect((await trade.maker.get('/api/delivery/invoices?status=matched')).body.items).toMatchObject([{ invoiceId: id }]);
    expect((await trade.carrier.get(`/api/delivery/shipments/${trade.shipmentId}`)).body.invoices).toEqual([]);
  });

  it('repeated with its key is one invoice; with another key it is refused', async () => {
    const trade = await receivedTrade(given);
    const first = await issue(trade, {}, { idempotencyKey: 'paper' });
    expect(await issue(trade, {}, { idempotencyKey: 'paper' })).toMatchObject({ status: 201, body: first.body });
    expect(await issue(trade, { invoiceNumber: 'GMK-1405-119' })).toMatchObject({ status: 409, ...problem('already-invoiced') });
  });

  it('of two at once stores one', async () => {
    const trade = await receivedTrade(given);
    const replies = await Promise.all(['A-1', 'A-2', 'A-3'].map((invoiceNumber) => issue(trade, { invoiceNumber })));
    expect(replies.map((reply) => reply.status).sort()).toEqual([201, 409, 409]);
  });

  it('knows a used number in any spelling, and only of the same seller', async () => {
    const sellerId = aParty();
    await issue(await receivedTrade(given, { sellerId }), { invoiceNumber: 'گامك-۱۴۰۵/۷' });
    expect(await issue(await receivedTrade(given, { sellerId }), { invoiceNumber: 'گامک 1405 7' })).toMatchObject({ status: 409, ...problem('invoice-number-used') });
    expect(await issue(await receivedTrade(given), { invoiceNumber: 'گامک 1405 7' })).toMatchObject({ status: 201 });
  });

  it('finds what differs, and lets the seller replace the invoice', async () => {
    const trade = await receivedTrade(given);
    const { lineId, match, seller } = trade;
    const wrong = await issue(trade, { lines: [{ lineId, quantity: 1000 }] });
    expect(wrong).toMatchObject({ status: 201, body: { status: 'discrepant', differences: [{ lineId, field: 'quantity', expected: '960', found: '1000' }] } });
    expect((await given.app.facts(DiscrepancyFound)).filter((fact) => fact.key === match.orderId)).toHaveLength(1);
    expect(await trade.maker.post(`/api/delivery/invoices/${wrong.body.invoiceId}/approve`)).toMatchObject({ status: 409, ...problem('invoice-not-matched') });
    const replace = `/api/delivery/invoices/${wrong.body.invoiceId}/replace`;
    const right = await seller.post(replace, { invoiceNumber: 'GMK-1405-118' });
    expect(right).toMatchObject({ status: 201, body: { status: 'matched', replaces: wrong.body.invoiceId, gross: '4382400000' } });
    expect(await seller.post(replace, { invoiceNumber: 'GMK-1405-120' })).toMatchObject({ status: 409, ...problem('invoice-not-discrepant') });
    expect(await trade.storekeeper.post(replace, { invoiceNumber: 'X-1' })).toMatchObject({ status: 403 });
  });

  it.each([{ amount: '9223372036854775807' }, { quantity: 1_000_000_000, price: { amount: '9223372036854775807', per: 1 } }])('refuses what nothing is worth, before it is told to anybody: %j', async (line) => {
    const trade = await receivedTrade(given);
    expect(await issue(trade, { lines: [{ lineId: trade.lineId, ...line }] })).toMatchObject({ status: 422, ...problem('worth-too-much') });
    expect(await issue(trade)).toMatchObject({ status: 201, body: { status: 'matched' } });
  });

  it('refuses a replacement decided on an old version', async () => {
    const trade = await receivedTrade(given);
    const { body } = await issue(trade, { lines: [{ lineId: trade.lineId, quantity: 1000 }] });
    expect(await trade.seller.post(`/api/delivery/invoices/${body.invoiceId}/replace`, { invoiceNumber: 'R-1' }, { headers: { 'if-match': '"7"' } })).toMatchObject({ status: 412 });
  });

  it('charges no tax on exempt goods, nor for a seller that may not', async () => {
    const exempt = await receivedTrade(given);
    const [line] = exempt.match.lines;
    await given.app.deliver(ProductListed.of({ ...ProductListed.sample, producerId: exempt.match.sellerId, vatCategory: 'exempt', variants: [{ variantId: line?.variantId ?? '', code: 'X' }] }));
    expect((await issue(exempt)).body).toMatchObject({ vat: '0', gross: '3984000000', status: 'matched' });
    const small = await receivedTrade(given);
    await given.operator.post('/api/delivery/tax-standings', { sellerId: small.match.sellerId, from: '2026-01-01', registered: false });
    expect((await issue(small)).body).toMatchObject({ vat: '0', gross: '3984000000' });
    const charging = await issue(await receivedTrade(given, { sellerId: small.match.sellerId }), { invoiceNumber: 'T-2', lines: undefined });
    expect(charging.body).toMatchObject({ vat: '0' });
  });

  it('never guesses the tax of a product it has not heard of', async () => {
    const trade = await receivedTrade(given);
    await given.app.sql('delete from variants where seller_id = $1', [trade.match.sellerId]);
    expect(await issue(trade)).toMatchObject({ status: 409, ...problem('tax-category-unknown') });
  });

  it('comes after the receipt, from the seller, of something accepted', async () => {
    const early = await dispatchedTrade(given);
    expect(await issue(early)).toMatchObject({ status: 409, ...problem('not-received-yet') });
    await early.storekeeper.post(`/api/delivery/shipments/${early.shipmentId}/receipt`, { code: early.code, lines: [{ lineId: early.lineId, received: 10, rejected: 10, reason: 'wet' }] });
    expect(await issue(early)).toMatchObject({ status: 409, ...problem('nothing-accepted') });
    expect(await issue({ ...early, seller: given.app.as({ party: aParty(), roles: ['producer'] }) })).toMatchObject({ status: 404, ...problem('shipment-not-found') });
  });
});
