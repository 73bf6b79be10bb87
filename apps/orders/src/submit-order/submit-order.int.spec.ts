import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderSubmitted } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aParty } from '@peyvand/testing';
import { aWorld, warehouse, workshop, type World } from '../../test/world.js';

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.close());

const line = { code: 'NRV-1', quantity: 100, shipTo: 'DC-01', neededBy: '2026-06-01' };

describe('submitting an order', () => {
  it('stores it, tells of it and queues its lines', async () => {
    const { status, body } = await world.buyer.post('/api/orders', { poNumber: 'S-1', lines: [line, { ...line, code: undefined, variantId: world.variantId, shipTo: warehouse.placeId, unit: 'PR', priceCeiling: '4000000' }] });
    expect(status).toBe(201);
    expect(body.lineIds).toHaveLength(2);
    await world.app.settle();
    expect(await world.app.sql('select status, po_number, revision, parties from orders where order_id = $1', [body.orderId])).toEqual([{ status: 'open', po_number: 'S-1', revision: 1, parties: [world.networkId] }]);
    const [fact] = (await world.app.facts(OrderSubmitted)).filter(({ key }) => key === body.orderId);
    expect(fact?.data).toMatchObject({ poNumber: 'S-1', award: 'automatic', lines: [{ variantId: world.variantId, quantity: 100, unit: 'PR', shipTo: warehouse, fillPolicy: 'partial' }, { priceCeiling: '4000000' }] });
  });

  it('reports every fault of every line at once', async () => {
    const unknown = newId();
    const { status, body } = await world.buyer.post('/api/orders', {
      poNumber: 'S-2', parentMatchId: unknown,
      lines: [{ ...line, code: 'X-9' }, { ...line, shipTo: 'NOWHERE', unit: 'DZN' }, { ...line, code: undefined, variantId: unknown, neededBy: '2026-03-20' }, { ...line, code: undefined }],
    });
    expect(status).toBe(422);
    expect(body.type).toBe('urn:peyvand:problem:order-invalid');
    expect(body.errors.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`)).toEqual([
      'parentMatchId parent-match-unknown', 'lines[0].code code-unknown', 'lines[1].shipTo place-unknown', 'lines[1].unit unit-differs',
      'lines[2].variantId variant-unknown', 'lines[2].neededBy needed-by-past', 'lines[3].variantId line-names-nothing',
    ]);
    expect(body.errors[0].message).toMatch(/seller/);
    expect(await world.app.sql(`select from orders where po_number = 'S-2'`)).toEqual([]);
  });

  it('says of every substitute why it will not do, at the substitute or at the code that names it', async () => {
    const [boots, dozens, fine] = [await world.list({ market: 'boots' }), await world.list({ unit: 'DZN' }), await world.list()];
    await world.refer('MIXED', world.variantId, boots, fine);
    const unknown = newId();
    const { status, body } = await world.buyer.post('/api/orders', {
      poNumber: 'S-5', lines: [{ ...line, code: undefined, variantId: world.variantId, substitutes: [fine, unknown, boots, dozens] }, { ...line, code: 'MIXED' }],
    }, { locale: 'fa' });
    expect([status, body.errors.map(({ path, code, value }: { path: string; code: string; value: string }) => `${path} ${code} ${value}`)]).toEqual([422, [
      `lines[0].substitutes[1] substitute-unknown ${unknown}`, `lines[0].substitutes[2] market-differs ${boots}`, `lines[0].substitutes[3] substitute-unit-differs ${dozens}`, `lines[1].code market-differs ${boots}`,
    ]]);
    expect(body.errors[1].message).toContain('بازار');
    // The line's own word takes the place of the code's; itself and repetitions count for nothing.
    const taken = await world.buyer.post('/api/orders', { poNumber: 'S-5', lines: [{ ...line, code: 'MIXED', substitutes: [fine, world.variantId, fine] }, { ...line, code: 'MIXED', substitutes: [] }] });
    expect((await world.read(taken.body.orderId)).lines).toMatchObject([{ variantId: world.variantId, substitutes: [fine] }, { variantId: world.variantId, substitutes: [] }]);
    expect((await world.buyer.post('/api/orders', { poNumber: 'S-6', lines: [{ ...line, substitutes: Array.from({ length: 51 }, newId) }] })).status).toBe(400);
  });

  it.each(['DC\u0000', { ...warehouse, placeId: undefined, city: '\u0000' }, { ...warehouse, province: '\ud800' }, { ...warehouse, latitude: 91 }, { ...warehouse, floor: 3 }, ''])('refuses a place that is none: %j', async (shipTo) => {
    const { status, body } = await world.buyer.post('/api/orders', { poNumber: 'S-7', lines: [{ ...line, shipTo }] });
    expect([status, body.errors]).toMatchObject([400, [{ path: 'lines[0].shipTo', code: 'place' }]]);
  });

  it('answers a repetition with the same order, and refuses the number a second time', async () => {
    const once = await world.buyer.post('/api/orders', { poNumber: 'S-3', lines: [line] }, { idempotencyKey: 'k-1' });
    const twice = await world.buyer.post('/api/orders', { poNumber: 'S-3', lines: [line] }, { idempotencyKey: 'k-1' });
    expect(twice.body).toEqual(once.body);
    const again = await world.buyer.post('/api/orders', { poNumber: 'S-3', lines: [line] });
    expect([again.status, again.body.errors]).toMatchObject([409, [{ path: 'poNumber', code: 'po-number-taken', value: once.body.orderId }]]);
    const other = world.app.as({ party: aParty(), roles: ['buyer'] });
    expect((await other.post('/api/orders', { poNumber: 'S-3', lines: [{ ...line, code: undefined, variantId: world.variantId, shipTo: { ...workshop } }] })).status).toBe(201);
  });

  it('takes many orders at once, all or none', async () => {
    const many = (numbers: string[]) => ({ orders: numbers.map((poNumber) => ({ poNumber, lines: [line] })) });
    const refused = await world.buyer.post('/api/orders/batch', many(['B-1', 'S-3', 'B-1']));
    expect([refused.status, refused.body.errors.map(({ path }: { path: string }) => path)]).toEqual([422, ['orders[1].poNumber', 'orders[2].poNumber']]);
    expect(await world.app.sql(`select from orders where po_number = 'B-1'`)).toEqual([]);
    expect((await world.buyer.post('/api/orders/batch', many(['B-1', 'B-2']))).body.items).toMatchObject([{ poNumber: 'B-1' }, { poNumber: 'B-2' }]);
  });

  it('refuses an id that is somebody else’s without telling whose', async () => {
    const { body } = await world.buyer.post('/api/orders', { poNumber: 'S-4', lines: [line] });
    const other = world.app.as({ party: aParty(), roles: ['producer'] });
    const refused = await other.post('/api/orders', { id: body.orderId, poNumber: 'O-1', lines: [{ ...line, code: undefined, variantId: world.variantId, shipTo: workshop }] });
    expect([refused.status, refused.body.type]).toEqual([409, 'urn:peyvand:problem:order-id-taken']);
  });

  it('names the match an input order feeds, when the buyer is its seller', async () => {
    const offer = await world.offer();
    const orderId = await world.submit([{ quantity: 10 }]);
    const [match] = (await world.read(orderId)).matches;
    const input = { poNumber: 'IN-1', parentMatchId: match.matchId, lines: [{ ...line, code: undefined, variantId: world.variantId, shipTo: workshop }] };
    expect((await world.producer(offer.producerId).post('/api/orders', input)).status).toBe(201);
    expect((await world.producer(aParty()).post('/api/orders', input)).status).toBe(422);
    await world.app.settle();
    const [fact] = (await world.app.facts(OrderSubmitted)).filter(({ data }) => data.poNumber === 'IN-1');
    expect(fact?.data.parentMatchId).toBe(match.matchId);
  });
});
