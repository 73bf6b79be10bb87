import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aParty } from '@peyvand/testing';
import { codeOf, dispatchedTrade, securedTrade, startDelivery, type Given, type Trade } from '../../test/trade.js';

describe('the receipt code', () => {
  let given: Given;
  beforeAll(async () => { given = await startDelivery(); });
  afterAll(async () => {
    delete process.env['DELIVERY_SMS'];
    await given?.app.close();
  });
  const outbox = async ({ match }: Trade) => (await given.app.as().get(`/api/delivery/demo/sms?to=${match.shipTo.placeId}`)).body.items;
  const behave = (mode: string) => given.app.as().put('/api/delivery/demo/sms', { mode });
  const dispatch = ({ seller, shipmentId }: Trade) => seller.post(`/api/delivery/shipments/${shipmentId}/dispatch`, { waybill: '1405-88213' });

  it('goes to the phone of the place and is kept as a hash only', async () => {
    const trade = await securedTrade(given);
    await trade.maker.post('/api/delivery/contacts', { placeId: trade.match.shipTo.placeId, phone: '۰۹۱۲۱۲۳۴۵۶۷' });
    await dispatch(trade);
    const code = await codeOf(given.app, trade);
    expect(await outbox(trade)).toMatchObject([{ to: { phone: '+989121234567', placeId: trade.match.shipTo.placeId }, code, text: expect.stringContaining(code) }]);
    expect(JSON.stringify(await given.app.sql('select * from receipt_codes where shipment_id = $1', [trade.shipmentId]))).not.toContain(code);
    expect(await given.app.sql(`select * from deadlines where kind = 'delivery/sms'`)).toEqual([]);
    expect((await trade.storekeeper.get(`/api/delivery/shipments/${trade.shipmentId}`)).body).not.toHaveProperty('receiptCode');
  });

  it('is shown to the buyer’s storekeeper alone where no phone is known', async () => {
    const trade = await dispatchedTrade(given);
    const seen = async (person: Trade['seller']) => (await person.get(`/api/delivery/shipments/${trade.shipmentId}`)).body.receiptCode;
    expect(await seen(trade.storekeeper)).toBe(trade.code);
    for (const person of [trade.seller, trade.carrier, trade.maker]) expect(await seen(person)).toBeUndefined();
  });

  it('is sent again until the gateway takes it, and a repetition of the gateway is one message', async () => {
    await behave('fail');
    const trade = await securedTrade(given);
    await dispatch(trade);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await outbox(trade)).toEqual([]);
    await behave('twice');
    const code = await codeOf(given.app, trade);
    expect((await outbox(trade)).map((message: { code: string }) => message.code)).toEqual([code, code]);
    await behave('ok');
  });

  it('can be asked for anew, which voids the old one', async () => {
    const trade = await dispatchedTrade(given);
    const path = `/api/delivery/shipments/${trade.shipmentId}/receipt-code`;
    expect(await trade.storekeeper.post(path)).toMatchObject({ status: 202 });
    await given.app.settle();
    expect(await outbox(trade)).toHaveLength(2);
    expect(await given.app.sql('select issue, attempts from receipt_codes where shipment_id = $1', [trade.shipmentId])).toEqual([{ issue: 2, attempts: 0 }]);
    expect(await given.app.as({ party: aParty(), roles: ['storekeeper'] }).post(path)).toMatchObject({ status: 404 });
    await given.app.sql('update receipt_codes set issue = 20 where shipment_id = $1', [trade.shipmentId]);
    expect(await trade.storekeeper.post(path)).toMatchObject({ status: 429 });
  });

  it('is not sent for goods that have not left', async () => {
    const trade = await securedTrade(given);
    expect(await trade.storekeeper.post(`/api/delivery/shipments/${trade.shipmentId}/receipt-code`)).toMatchObject({ status: 409 });
  });

  it('without any gateway is read by the storekeeper', async () => {
    process.env['DELIVERY_SMS'] = 'none';
    const silent = await startDelivery();
    const trade = await securedTrade(silent);
    await dispatch(trade);
    await silent.app.settle();
    expect((await trade.storekeeper.get(`/api/delivery/shipments/${trade.shipmentId}`)).body.receiptCode).toMatch(/^\d{6}$/);
    expect(await silent.app.parked()).toEqual([]);
    await silent.app.close();
  });
});
