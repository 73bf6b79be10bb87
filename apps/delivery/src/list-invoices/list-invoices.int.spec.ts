import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aParty } from '@peyvand/testing';
import { receivedTrade, startDelivery, type Given, type Trade } from '../../test/trade.js';

describe('reading invoices', () => {
  let given: Given;
  const buyerId = aParty();
  const trades: Trade[] = [];
  beforeAll(async () => {
    given = await startDelivery();
    for (const [at, invoiceNumber] of ['=A1', 'گامک-۲', 'GMK-3'].entries()) {
      const trade = await receivedTrade(given, { buyerId, poNumber: `NRN-${at}` });
      await trade.seller.post(`/api/delivery/shipments/${trade.shipmentId}/invoice`, { invoiceNumber });
      trades.push(trade);
    }
  });
  afterAll(() => given?.app.close());
  const buyer = () => given.app.as({ party: buyerId, roles: ['buyer'] });
  const numbers = (reply: { body: { items: { invoiceNumber: string }[] } }) => reply.body.items.map((item) => item.invoiceNumber);

  it('shows each party its own, newest first, by page, status and PO number', async () => {
    expect(numbers(await buyer().get('/api/delivery/invoices'))).toEqual(['GMK-3', 'گامک-۲', '=A1']);
    expect(numbers(await trades[0]?.seller.get('/api/delivery/invoices') ?? { body: { items: [] } })).toEqual(['=A1']);
    expect(numbers(await buyer().get('/api/delivery/invoices?po=NRN-1'))).toEqual(['گامک-۲']);
    expect(numbers(await buyer().get('/api/delivery/invoices?status=approved'))).toEqual([]);
    const first = await buyer().get('/api/delivery/invoices?limit=2');
    expect(numbers(await buyer().get(`/api/delivery/invoices?limit=2&cursor=${first.body.next}`))).toEqual(['=A1']);
    expect(numbers(await given.operator.get('/api/delivery/invoices'))).toHaveLength(3);
    expect((await buyer().get('/api/delivery/shipments?po=NRN-2')).body.items).toMatchObject([{ poNumber: 'NRN-2' }]);
  });

  it('is nobody else’s, and not the carrier’s', async () => {
    const { body } = await buyer().get('/api/delivery/invoices');
    expect(await given.app.as({ party: aParty(), roles: ['buyer'] }).get(`/api/delivery/invoices/${body.items[0].invoiceId}`)).toMatchObject({ status: 404 });
    expect(await trades[0]?.carrier.get('/api/delivery/invoices')).toMatchObject({ status: 403 });
  });

  it('gives the bookkeeper a sheet, with Jalali days and no formula to run', async () => {
    const { body, headers } = await buyer().get('/api/delivery/invoices', { locale: 'fa', headers: { accept: 'text/csv' } });
    expect(headers['content-type']).toContain('text/csv');
    const [head, ...rows] = (body as string).split('\r\n');
    expect(head).toContain('شمارهٔ سفارش خرید');
    expect(rows[0]).toMatch(/^GMK-3,NRN-2,1405\/06\/22,1405\/09\/21,3984000000,398400000,4382400000,تطبیق‌شده,/);
    expect(rows[2]).toMatch(/^'=A1,/);
  });
});
