import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aParty } from '@peyvand/testing';
import { aWorld, type World } from '../../test/world.js';

let world: World;
const submitted: string[] = [];
beforeAll(async () => {
  world = await aWorld();
  await world.offer({ capacity: 250 });
  for (let i = 0; i < 5; i++) submitted.unshift(await world.submit([{}], { poNumber: i === 3 ? '=1+1' : `L-${i}` }));
});
afterAll(() => world.close());

describe('lists', () => {
  it('of orders go by cursor, newest first, without gaps', async () => {
    const seen: string[] = [];
    let path: string | undefined = '/api/orders?limit=2';
    while (path !== undefined) {
      const { body, headers } = await world.buyer.get(path);
      seen.push(...body.items.map(({ orderId }: { orderId: string }) => orderId));
      expect(headers['link'] === undefined).toBe(body.next === undefined);
      path = body.next === undefined ? undefined : `/api/orders?limit=2&cursor=${body.next}`;
    }
    expect(seen).toEqual(submitted);
  });

  it('of orders can be filtered and say where each stands', async () => {
    expect((await world.buyer.get('/api/orders?po=L-0')).body.items).toMatchObject([{ poNumber: 'L-0', status: 'open', stage: 'answer', lines: 1, quantity: 100, matched: 100, amount: '415000000' }]);
    expect((await world.buyer.get('/api/orders?status=closed')).body.items).toEqual([]);
    expect((await world.buyer.get('/api/orders?status=odd')).status).toBe(400);
  });

  it('of orders come as CSV to who asks for it, harmless to spreadsheets', async () => {
    const { body, headers } = await world.buyer.get('/api/orders', { headers: { accept: 'text/csv' } });
    expect(headers['content-type']).toContain('text/csv');
    const lines = String(body).split('\r\n');
    expect(lines[0]).toBe('\ufefforderId,poNumber,status,stage,reasons,submittedAt,lines,quantity,matched,waiting,unmatched,cancelled,amount');
    expect(lines).toHaveLength(7);
    expect(body).toContain(`,'=1+1,`);
  });

  it('show nobody else’s orders and matches', async () => {
    const other = world.app.as({ party: aParty(), roles: ['buyer'] });
    expect((await other.get('/api/orders')).body.items).toEqual([]);
    expect((await other.get('/api/orders/matches')).body.items).toEqual([]);
    expect((await other.get(`/api/orders/${submitted[0]}`)).status).toBe(404);
    expect((await world.operator.get('/api/orders')).body.items).toHaveLength(5);
  });

  it('of matches go by cursor too', async () => {
    const first = (await world.buyer.get('/api/orders/matches?limit=2')).body;
    const second = (await world.buyer.get(`/api/orders/matches?limit=2&cursor=${first.next}`)).body;
    expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, undefined]);
  });

  it('the totals agree: ordered = matched + waiting + unmatched + cancelled, matched = committed', async () => {
    expect((await world.operator.get('/api/orders/totals')).body).toMatchObject({ ordered: '500', matched: '250', waiting: '0', unmatched: '250', cancelled: '0', offered: '250', committed: '250', oversold: 0, queued: 0, orders: { open: 5 } });
    expect((await world.buyer.get('/api/orders/totals')).status).toBe(403);
  });
});
