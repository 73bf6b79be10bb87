import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf, heroCount, securedTrade, startDelivery, type Given } from '../test/trade.js';

describe('the hero story’s delivery', () => {
  let given: Given;
  beforeAll(async () => { given = await startDelivery(); });
  afterAll(() => given?.app.close());

  it('goes from the match to an approved invoice of 4,382,400,000 rials', async () => {
    const { app } = given;
    const trade = await securedTrade(given);
    const { shipmentId, lineId, seller, carrier, storekeeper, maker, checker } = trade;

    const planned = await carrier.get('/api/delivery/shipments?status=planned');
    expect(planned.body.items).toMatchObject([{ shipmentId, status: 'planned', secured: true, lines: [{ quantity: 1000 }] }]);

    const sent = await seller.post(`/api/delivery/shipments/${shipmentId}/dispatch`, { waybill: '1405-88213', plate: '۱۲ع۳۴۵ ایران ۸۷' });
    expect(sent).toMatchObject({ status: 200, body: { status: 'dispatched' } });
    const code = await codeOf(app, trade);
    expect(code).toMatch(/^\d{6}$/);
    expect(await carrier.post(`/api/delivery/shipments/${shipmentId}/arrive`)).toMatchObject({ status: 200, body: { status: 'arrived' } });

    const receipt = await storekeeper.post(`/api/delivery/shipments/${shipmentId}/receipt`, { code, lines: heroCount(lineId) });
    expect(receipt).toMatchObject({ status: 201, body: { remaining: 0, lines: [{ sent: 1000, received: 976, short: 24, rejected: 16, accepted: 960 }] } });

    const invoice = await seller.post(`/api/delivery/shipments/${shipmentId}/invoice`, { invoiceNumber: 'GMK-1405-118' });
    expect(invoice).toMatchObject({ status: 201, body: { status: 'matched', goods: '3984000000', vat: '398400000', gross: '4382400000', issuedOn: '2026-09-13', dueOn: '2026-12-12' } });
    const approve = `/api/delivery/invoices/${invoice.body.invoiceId}/approve`;
    expect(await maker.post(approve)).toMatchObject({ status: 200, body: { status: 'checked' } });
    expect(await checker.post(approve)).toMatchObject({ status: 200, body: { status: 'approved', approvedOn: '2026-09-13' } });

    expect((await app.facts()).map((fact) => fact.type.split('.')[3]).slice(1)).toEqual([
      'ShipmentPlanned', 'ShipmentDispatched', 'ShipmentArrived', 'GoodsReceived', 'GoodsRejected', 'InvoiceIssued', 'InvoiceMatched', 'InvoiceApproved',
    ]);
    expect(await app.parked()).toEqual([]);
  });
});
