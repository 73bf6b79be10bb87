import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InvoiceApproved, InvoiceMatched } from '@peyvand/contracts';
import { aParty } from '@peyvand/testing';
import { dispatchedTrade, heroCount, receivedTrade, securedTrade, startDelivery, type Given, type Trade } from '../../test/trade.js';

const path = '/api/delivery/approval-policy';
let given: Given;
beforeAll(async () => { given = await startDelivery(); });
afterAll(() => given?.app.close());

const told = async ({ match }: Trade) => (await given.app.facts()).filter((fact) => fact.key === match.orderId).map((fact) => fact.type.split('.')[3]);
const receive = (trade: Trade & { code: string }) => trade.storekeeper.post('/api/delivery/receipts', { receipts: [{ shipmentId: trade.shipmentId, code: trade.code, lines: heroCount(trade.lineId) }] });
const policy = async ({ maker, checker }: Trade, upTo: string) => {
  const { body } = await maker.put(path, { upTo });
  expect(await checker.post(`${path}/${body.policyId}/approve`)).toMatchObject({ status: 200, body: { status: 'in-force', upTo } });
  return body.policyId as string;
};

describe('standing instructions of delivery', () => {
  it('invoice what was counted and approve it, in the receipt’s transaction', async () => {
    const trade = await dispatchedTrade(given);
    expect(await trade.seller.put('/api/delivery/standing-invoicing', { invoice: 'on-receipt', prefix: 'GMK' })).toMatchObject({ status: 200, body: { invoice: 'on-receipt', prefix: 'GMK' } });
    await policy(trade, '900000000000');
    expect(await receive(trade)).toMatchObject({ body: { received: 1 } });
    expect((await told(trade)).slice(-5)).toEqual(['GoodsReceived', 'GoodsRejected', 'InvoiceIssued', 'InvoiceMatched', 'InvoiceApproved']);
    const [row] = await given.app.sql(`select invoice_number, status, checked_by, approved_by, gross::text from invoices where shipment_id = $1`, [trade.shipmentId]);
    expect(row).toEqual({ invoice_number: `GMK-${trade.shipmentId.slice(-12).toUpperCase()}`, status: 'approved', checked_by: 'maker', approved_by: 'checker', gross: '4382400000' });
    // Nobody can invoice or approve it a second time.
    expect(await trade.seller.post(`/api/delivery/shipments/${trade.shipmentId}/invoice`, { invoiceNumber: '7' })).toMatchObject({ status: 409 });
  });

  it('leave what is above the ceiling, or not in force, to people', async () => {
    const trade = await dispatchedTrade(given);
    await trade.seller.put('/api/delivery/standing-invoicing', { invoice: 'on-receipt', prefix: 'GMK' });
    await policy(trade, '4382399999');
    await trade.maker.put(path, { upTo: '900000000000' });
    await receive(trade);
    expect((await told(trade)).slice(-2)).toEqual(['InvoiceIssued', 'InvoiceMatched']);
  });

  it('approve an invoice issued by hand', async () => {
    const trade = await receivedTrade(given);
    await policy(trade, '900000000000');
    await trade.seller.post(`/api/delivery/shipments/${trade.shipmentId}/invoice`, { invoiceNumber: 'H-1' });
    await given.app.settle();
    expect((await given.app.facts(InvoiceApproved)).filter((fact) => fact.key === trade.match.orderId)).toHaveLength(1);
  });

  it('are ended by either seat, and by the seller', async () => {
    const trade = await dispatchedTrade(given);
    await trade.seller.put('/api/delivery/standing-invoicing', { invoice: 'on-receipt', prefix: 'GMK' });
    const policyId = await policy(trade, '900000000000');
    expect(await trade.maker.post(`${path}/${policyId}/end`)).toMatchObject({ status: 200, body: { status: 'ended' } });
    expect((await trade.checker.get(path)).body.items).toEqual([]);
    expect((await trade.seller.put('/api/delivery/standing-invoicing', { invoice: 'by-hand' })).body).toEqual({ invoice: 'by-hand' });
    await receive(trade);
    expect((await given.app.facts(InvoiceMatched)).filter((fact) => fact.key === trade.match.orderId)).toEqual([]);
  });

  it('are put in force by another person of the same party only; a repeated key is one policy', async () => {
    const trade = await securedTrade(given);
    const both = given.app.as({ party: trade.match.buyerId, roles: ['buyer', 'approver'], subject: 'both' });
    const [first, again] = [await both.put(path, { upTo: '5' }, { idempotencyKey: 'one' }), await both.put(path, { upTo: '5' }, { idempotencyKey: 'one' })];
    expect(again.body).toEqual(first.body);
    expect(await both.post(`${path}/${first.body.policyId}/approve`)).toMatchObject({ status: 403, body: { type: 'urn:peyvand:problem:same-person' } });
    expect(await given.app.as({ party: aParty(), roles: ['approver'] }).post(`${path}/${first.body.policyId}/approve`)).toMatchObject({ status: 404 });
    expect(await trade.seller.put(path, { upTo: '5' })).toMatchObject({ status: 403 });
    expect(await trade.seller.put('/api/delivery/standing-invoicing', { invoice: 'on-receipt' })).toMatchObject({ status: 422 });
  });

  it('dispatch many at once, each by itself', async () => {
    const sellerId = aParty();
    const trades = await Promise.all([1, 2, 3].map(() => securedTrade(given, { sellerId })));
    const [one, two, three] = trades.map(({ shipmentId }) => shipmentId);
    const reply = await trades[0]?.seller.post('/api/delivery/dispatches', { dispatches: [{ shipmentId: one, waybill: 'A' }, { shipmentId: two, waybill: 'B', lines: [{ lineId: trades[1]?.lineId, quantity: 600 }] }, { shipmentId: one, waybill: 'C' }, { shipmentId: aParty(), waybill: 'D' }] });
    expect(reply).toMatchObject({ status: 200, body: { dispatched: 2, refused: 2, items: [{ ok: true, shipmentId: one, status: 'dispatched' }, { ok: true, further: { lines: [{ quantity: 400 }] } }, { ok: false, type: 'urn:peyvand:problem:shipment-twice' }, { ok: false, status: 404 }] } });
    expect(await given.app.sql('select status from shipments where shipment_id = any($1::uuid[]) order by status', [[one, two, three]])).toEqual([{ status: 'dispatched' }, { status: 'dispatched' }, { status: 'planned' }]);
  });
});
