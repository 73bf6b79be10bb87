import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AssignmentNotified, BidChosen, BidPlaced, everyone, factContracts, GoodsReceived, InstrumentAccepted, OrderSubmitted, partiesOf, visibleTo, type FactContract } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { asFact, transact } from '@peyvand/messaging';
import { testService, type TestApp } from '@peyvand/testing';
import { edge } from '../edge.module.js';

const order = (buyerId: string, orderId = newId()) => OrderSubmitted.of({ ...OrderSubmitted.sample, orderId, buyerId });

describe('the feed', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await testService(edge)));
  afterAll(async () => {
    expect(await app.parked()).toEqual([]);
    await app.close();
  });
  const reader = (party: string) => app.as({ party, roles: ['buyer'] });
  const all = async (party: string, query = '') => {
    const events: any[] = []; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test states the fields it expects
    for (let after = ''; ;) {
      const { status, body } = await reader(party).get(`/api/events?limit=7&after=${after}${query}`);
      expect(status).toBe(200);
      events.push(...body.items);
      if (body.items.length < 7) return events;
      after = body.next;
    }
  };

  it('shows each party of every contract exactly what its audience says, and strangers nothing but what is everyone’s', async () => {
    const facts = factContracts.map((contract) => asFact(contract.of(contract.sample), { at: app.clock.now() }));
    await app.deliver(facts);
    const parties = [...new Set(factContracts.flatMap((contract) => partiesOf(contract, contract.sample)))].filter((party) => party !== everyone);
    expect(parties.length).toBeGreaterThanOrEqual(4);
    for (const party of [...parties, newId()]) {
      const expected = factContracts.flatMap((contract: FactContract, i) => {
        const data = visibleTo(contract, contract.sample, party);
        return data === undefined ? [] : [{ id: facts[i]?.id, type: contract.type, data }];
      });
      expect((await all(party)).map(({ id, type, data }) => ({ id, type, data }))).toEqual(JSON.parse(JSON.stringify(expected)));
    }
  });

  it('is made of CloudEvents', async () => {
    const buyer = newId();
    const fact = order(buyer);
    await app.deliver(fact);
    const [event] = (await all(buyer)).slice(-1);
    expect(event).toMatchObject({ specversion: '1.0', type: OrderSubmitted.type, source: '/peyvand/orders', datacontenttype: 'application/json', dataschema: '/api/schemas/OrderSubmitted', partitionkey: (fact.data as { orderId: string }).orderId });
    expect(event).not.toHaveProperty('traceparent');
  });

  it('tells nobody which banks are invited', async () => {
    const [bank, rival, buyer] = [newId(), newId(), newId()];
    await app.deliver(InstrumentAccepted.of({ ...InstrumentAccepted.sample, buyerId: buyer, funderIds: [bank, rival] }));
    const [event] = await all(bank, '&types=InstrumentAccepted');
    expect(event.data).not.toHaveProperty('funderIds');
    expect(JSON.stringify(event)).not.toContain(rival);
    // Nor does the debtor learn who grants limits on it.
    expect(JSON.stringify(await all(buyer, '&types=InstrumentAccepted'))).not.toMatch(new RegExp(`${bank}|${rival}`));
  });

  it.each([['operator'], ['sponsor'], ['union']] as const)('shows a %s no trade of others', async (role) => {
    const buyer = newId();
    await app.deliver(order(buyer));
    const { body } = await app.as({ party: newId(), roles: [role] }).get('/api/events?limit=200&types=OrderSubmitted');
    expect(body.items).toEqual([]);
  });

  it('names a cause only to those who may see it', async () => {
    const [seller, funder] = [newId(), newId()];
    const bid = asFact(BidPlaced.of({ ...BidPlaced.sample, sellerId: seller, funderId: funder }), { at: app.clock.now() });
    const buyer = newId();
    const [seen, unseen, errand] = [
      asFact(BidChosen.of({ ...BidChosen.sample, sellerId: seller, funderId: funder }), { at: app.clock.now(), cause: bid }),
      asFact(AssignmentNotified.of({ ...AssignmentNotified.sample, buyerId: buyer, sellerId: seller, holderId: funder }), { at: app.clock.now(), cause: bid }),
      { ...asFact(AssignmentNotified.of({ ...AssignmentNotified.sample, buyerId: buyer }), { at: app.clock.now() }), causationid: 'bank/pay/1' },
    ];
    await app.deliver([bid, seen, unseen, errand]);
    expect((await all(seller)).filter(({ id }) => [seen.id, unseen.id].includes(id)).map(({ causationid }) => causationid)).toEqual([bid.id, bid.id]);
    expect((await all(buyer)).filter(({ id }) => [unseen.id, errand.id].includes(id)).map(({ causationid }) => causationid)).toEqual([undefined, undefined]);
  });

  it('gives nothing more to whoever reads with another party’s cursor', async () => {
    const [one, other] = [newId(), newId()];
    await app.deliver([order(one), order(other), order(one)]);
    const { body } = await reader(one).get('/api/events?limit=1&types=OrderSubmitted');
    const { body: stolen } = await reader(other).get(`/api/events?types=OrderSubmitted&after=${body.next}`);
    expect(stolen.items.map(({ data }: { data: { buyerId: string } }) => data.buyerId)).toEqual([other]);
  });

  it('is read on from a cursor, filtered by type, and links to what comes next', async () => {
    const buyer = newId();
    await app.deliver([1, 2, 3].map(() => order(buyer)));
    const first = await reader(buyer).get('/api/events?limit=2&types=OrderSubmitted');
    expect(first.body.items).toHaveLength(2);
    expect(first.headers['link']).toContain(`after=${first.body.next}`);
    const second = await reader(buyer).get(`/api/events?limit=2&types=OrderSubmitted&after=${first.body.next}`);
    expect(second.body.items).toHaveLength(1);
    const third = await reader(buyer).get(`/api/events?after=${second.body.next}`);
    expect(third.body).toEqual({ items: [], next: expect.any(String) });
    expect((await reader(buyer).get('/api/events?after=now')).body.items).toEqual([]);
    expect((await reader(buyer).get(`/api/events?types=${GoodsReceived.type}`)).body.items).toEqual([]);
  });

  it.each([
    ['after=nonsense', 'cursor-invalid'], [`after=${Buffer.from('["other",1]').toString('base64url')}`, 'cursor-invalid'], ['types=NoSuchFact', 'fact-type-unknown'], ['limit=100000', 'validation-failed'], ['secret=1', 'validation-failed'],
  ])('refuses %s', async (query, problem) => {
    expect(await reader(newId()).get(`/api/events?${query}`)).toMatchObject({ status: 400, body: { type: `urn:peyvand:problem:${problem}` } });
  });

  it('is for people who are signed in, for a party they belong to', async () => {
    expect(await app.as().get('/api/events')).toMatchObject({ status: 401 });
    const mine = newId();
    expect(await reader(mine).get('/api/events', { headers: { 'peyvand-party': newId() } })).toMatchObject({ status: 403 });
  });

  it('keeps a fact once, however often it is heard', async () => {
    const buyer = newId();
    const fact = order(buyer);
    const id = newId();
    await app.deliver(fact, { id });
    await app.deliver(fact, { id });
    expect(await all(buyer, '&types=OrderSubmitted')).toHaveLength(1);
  });

  it('is guarded by row security as well: the role of HTTP sees no other party’s rows', async () => {
    const party = newId();
    await app.deliver(order(party));
    const rows = (of: string) => transact(app.source, (tx) => tx.sql(`select 1 from heard join seats using (position) where seats.party = $1`, [party]), { as: { role: 'http', parties: [of] } });
    expect([await rows(party), await rows(newId())].map((found) => found.length)).toEqual([1, 0]);
  });
});
