import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GoodsReceived, GoodsRejected, MatchMade, PurchaseOrderAccepted } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aParty } from '@peyvand/testing';
import { hashCode } from '../issue-receipt-code/hash-code.js';
import { codeOf, dispatchedTrade, freshMatch, heroCount, securedTrade, startDelivery, wrongCode, type Given, type Trade } from '../../test/trade.js';

describe('receiving goods', () => {
  let given: Given;
  beforeAll(async () => { given = await startDelivery(); });
  afterAll(() => given?.app.close());
  const path = ({ shipmentId }: Pick<Trade, 'shipmentId'>) => `/api/delivery/shipments/${shipmentId}/receipt`;
  const told = async ({ match }: Trade) => (await given.app.facts(GoodsReceived)).filter((fact) => fact.key === match.orderId);
  const problem = (name: string) => ({ body: { type: `urn:peyvand:problem:${name}` } });

  it('writes the receipt, tells it and uses up the code', async () => {
    const trade = await dispatchedTrade(given);
    const reply = await trade.storekeeper.post(path(trade), { code: trade.code, lines: heroCount(trade.lineId) });
    expect(reply).toMatchObject({ status: 201, body: { receiptId: expect.any(String), remaining: 0 } });
    expect(await told(trade)).toMatchObject([{ data: { receiptId: reply.body.receiptId, remaining: 0, lines: [{ sent: 1000, received: 976, short: 24, rejected: 16, accepted: 960 }] } }]);
    expect((await given.app.facts(GoodsRejected)).filter((fact) => fact.key === trade.match.orderId)).toMatchObject([{ data: { lines: [{ quantity: 16, reason: 'stitching' }] } }]);
    expect(await given.app.sql('select accepted::int, received_by from receipts where shipment_id = $1', [trade.shipmentId])).toEqual([{ accepted: 960, received_by: 'storekeeper' }]);
    expect(JSON.stringify(await told(trade))).not.toContain('"storekeeper"');
    expect(await trade.storekeeper.post(path(trade), { code: trade.code, lines: heroCount(trade.lineId) })).toMatchObject({ status: 409, ...problem('shipment-not-under-way') });
  });

  it('repeated with its key is one receipt', async () => {
    const trade = await dispatchedTrade(given);
    const body = { code: trade.code, lines: heroCount(trade.lineId) };
    const [first, again] = [await trade.storekeeper.post(path(trade), body, { idempotencyKey: 'count' }), await trade.storekeeper.post(path(trade), body, { idempotencyKey: 'count' })];
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(await told(trade)).toHaveLength(1);
  });

  it('locks the code after five wrong tries, for the right one too, until a new one is asked for', async () => {
    const trade = await dispatchedTrade(given);
    const attempt = (code: string) => trade.storekeeper.post(path(trade), { code, lines: heroCount(trade.lineId) });
    for (const left of [4, 3, 2, 1]) expect(await attempt(wrongCode(trade.code))).toMatchObject({ status: 422, body: { attemptsLeft: left } });
    for (const code of [wrongCode(trade.code), wrongCode(trade.code), trade.code]) expect(await attempt(code)).toMatchObject({ status: 423, ...problem('receipt-code-locked') });
    await trade.storekeeper.post(`/api/delivery/shipments/${trade.shipmentId}/receipt-code`);
    expect(await attempt(await codeOf(given.app, trade))).toMatchObject({ status: 201 });
  });

  it('counts guesses that come all at once', async () => {
    const trade = await dispatchedTrade(given);
    const replies = await Promise.all(Array.from({ length: 20 }, () => trade.storekeeper.post(path(trade), { code: wrongCode(trade.code), lines: heroCount(trade.lineId) })));
    for (const reply of replies) expect([422, 423]).toContain(reply.status);
    expect(await given.app.sql('select attempts from receipt_codes where shipment_id = $1', [trade.shipmentId])).toEqual([{ attempts: 5 }]);
  });

  it('takes no code that is too old', async () => {
    const trade = await dispatchedTrade(given);
    await given.app.sql(`update receipt_codes set expires_at = clock_timestamp() - interval '1 second' where shipment_id = $1`, [trade.shipmentId]);
    expect(await trade.storekeeper.post(path(trade), { code: trade.code, lines: heroCount(trade.lineId) })).toMatchObject({ status: 410 });
  });

  it('says which line is wrong and changes nothing', async () => {
    const trade = await dispatchedTrade(given);
    const reply = await trade.storekeeper.post(path(trade), { code: trade.code, lines: [{ lineId: trade.lineId, received: 1001, rejected: 0 }] });
    expect(reply).toMatchObject({ status: 422, body: { lineId: trade.lineId, sent: 1000, received: 1001 } });
    expect(await told(trade)).toEqual([]);
  });

  it('is for the buyer’s storekeeper', async () => {
    const trade = await dispatchedTrade(given);
    const body = { code: trade.code, lines: heroCount(trade.lineId) };
    expect(await given.app.as({ party: aParty(), roles: ['storekeeper'] }).post(path(trade), body)).toMatchObject({ status: 404 });
    expect(await trade.carrier.post(path(trade), body)).toMatchObject({ status: 403 });
    expect(await trade.seller.post(path(trade), body)).toMatchObject({ status: 403 });
  });

  it('knows what remains when several shipments of a match are counted at once', async () => {
    const trade = await securedTrade(given);
    const first = await trade.seller.post(`/api/delivery/shipments/${trade.shipmentId}/dispatch`, { waybill: 'W-1', lines: [{ lineId: trade.lineId, quantity: 600 }] });
    const second = { ...trade, shipmentId: first.body.further.shipmentId as string };
    await trade.seller.post(`/api/delivery/shipments/${second.shipmentId}/dispatch`, { waybill: 'W-2' });
    const counts = await Promise.all([[trade, 600] as const, [second, 400] as const].map(async ([one, received]) => ({ one, body: { code: await codeOf(given.app, one), lines: [{ lineId: trade.lineId, received, rejected: 0 }] } })));
    const replies = await Promise.all(counts.map(({ one, body }) => trade.storekeeper.post(path(one), body)));
    expect(replies.map((reply) => reply.status)).toEqual([201, 201]);
    // Whoever counts last is told that nothing remains; two zeros or none would close the order early or never.
    expect((await told(trade)).map((fact) => fact.data.remaining)).toEqual([expect.any(Number), 0]);
    expect((await told(trade))[0]?.data.remaining).toBeGreaterThan(0);
  });

  it('takes many receipts in one request, each by itself', async () => {
    const buyerId = aParty();
    const trades = await Promise.all(Array.from({ length: 12 }, () => dispatchedTrade(given, { buyerId })));
    const receipts = trades.map(({ shipmentId, code, lineId }, i) => ({ shipmentId, code: i === 3 ? wrongCode(code) : code, lines: heroCount(lineId) }));
    const storekeeper = given.app.as({ party: buyerId, roles: ['storekeeper'] });
    const reply = await storekeeper.post('/api/delivery/receipts', { receipts: [...receipts, { ...receipts[0], shipmentId: newId() }, receipts[1]] });
    expect(reply).toMatchObject({ status: 200, body: { received: 11, refused: 3 } });
    expect(reply.body.items.map((item: { ok: boolean; type?: string }) => (item.ok ? 'ok' : item.type?.split(':').at(-1)))).toEqual(
      [...receipts.map((_, i) => (i === 3 ? 'receipt-code-wrong' : 'ok')), 'shipment-not-found', 'shipment-twice']);
    expect(reply.body.items[3].detail).toContain('4 tries are left');
  });

  it('takes a thousand in one request', async () => {
    const buyerId = aParty();
    const matches = Array.from({ length: 1_000 }, () => freshMatch({ buyerId }));
    await given.app.deliver(matches.flatMap((match) => [MatchMade.of(match), PurchaseOrderAccepted.of(match)]));
    const rows = await given.app.sql<{ shipment_id: string; line: string }>(
      `update shipments set status = 'dispatched', waybill = 'W', dispatched_at = planned_at where buyer_id = $1 returning shipment_id, lines->0->>'lineId' as line`, [buyerId]);
    await given.app.sql(`insert into receipt_codes (shipment_id, hash, issue, expires_at, parties) select *, 1, clock_timestamp() + interval '1 day', array[$3::uuid] from unnest($1::uuid[], $2::text[])`,
      [rows.map((row) => row.shipment_id), rows.map((row) => hashCode(row.shipment_id, '123456')), buyerId]);
    const reply = await given.app.as({ party: buyerId, roles: ['storekeeper'] }).post('/api/delivery/receipts', {
      receipts: rows.map(({ shipment_id, line }) => ({ shipmentId: shipment_id, code: '123456', lines: heroCount(line) })),
    });
    expect(reply).toMatchObject({ status: 200, body: { received: 1_000, refused: 0 } });
    expect(await given.app.sql('select sum(accepted)::int as accepted from receipts where parties && array[$1::uuid]', [buyerId])).toEqual([{ accepted: 960_000 }]);
  });

  it('lets a producer that buys inputs count them itself', async () => {
    const trade = await dispatchedTrade(given, { buyerId: aParty(), parentMatchId: MatchMade.sample.matchId });
    const workshop = given.app.as({ party: trade.match.buyerId, roles: ['producer'] });
    expect(await workshop.post(path(trade), { code: trade.code, lines: heroCount(trade.lineId) })).toMatchObject({ status: 201 });
  });
});
