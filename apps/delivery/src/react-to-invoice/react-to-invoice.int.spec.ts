import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aParty, type Person } from '@peyvand/testing';
import { giveMemory, invoicedTrade, startDelivery, taxOf, type Given } from '../../test/trade.js';

describe('reacting to an invoice in the tax system', () => {
  let given: Given;
  const sellerId = aParty();
  beforeAll(async () => {
    given = await startDelivery();
    await giveMemory(given, sellerId, 'REACT1');
  });
  afterAll(() => given?.app.close());
  const say = (person: Person, invoiceId: string, body: object, options = {}) => person.post(`/api/delivery/invoices/${invoiceId}/tax-reaction`, body, options);
  const problem = (name: string) => ({ body: { type: `urn:peyvand:problem:${name}` } });

  it('records the buyer’s word, tells the tax system, and leaves the trade alone', async () => {
    const trade = await invoicedTrade(given, { sellerId });
    const facts = (await given.app.facts()).length;
    const { taxId } = await taxOf(trade.seller, trade.invoiceId);
    const reply = await say(trade.checker, trade.invoiceId, { reaction: 'rejected', reason: 'قیمت' }, { idempotencyKey: 'word' });
    expect(reply).toMatchObject({ status: 200, body: { invoiceId: trade.invoiceId, taxId, tax: { state: 'rejected', reason: 'قیمت', text: { en: 'Rejected by the buyer' } } } });
    expect(await say(trade.checker, trade.invoiceId, { reaction: 'rejected', reason: 'قیمت' }, { idempotencyKey: 'word' })).toMatchObject({ status: 200, body: reply.body });
    expect(await say(trade.checker, trade.invoiceId, { reaction: 'confirmed' })).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:not-awaiting-reaction', state: 'rejected' } });
    await given.app.settle();
    expect(await given.app.sql(`select answer->>'reaction' as reaction from simulated_tax_book where tax_id = $1`, [taxId])).toEqual([{ reaction: 'rejected' }]);
    expect((await trade.seller.get('/api/delivery/invoices?tax=attention')).body.items).toMatchObject([{ invoiceId: trade.invoiceId }]);
    expect((await given.app.facts()).length).toBe(facts);
    for (const person of [trade.maker, trade.checker]) expect(await person.post(`/api/delivery/invoices/${trade.invoiceId}/approve`)).toMatchObject({ status: 200 });
    await given.app.clock.advance({ days: 1 });
    expect((await taxOf(trade.seller, trade.invoiceId)).tax.state).toBe('rejected');
  });

  it('is the buyer’s approver’s, once registered, with a reason to reject', async () => {
    const trade = await invoicedTrade(given, { sellerId });
    expect(await say(trade.checker, trade.invoiceId, { reaction: 'rejected' })).toMatchObject({ status: 422, ...problem('reason-needed') });
    expect(await say(trade.maker, trade.invoiceId, { reaction: 'confirmed' })).toMatchObject({ status: 403 });
    expect(await say(given.app.as({ party: sellerId, roles: ['approver'] }), trade.invoiceId, { reaction: 'confirmed' })).toMatchObject({ status: 403, ...problem('not-yours-to-react') });
    expect(await say(given.app.as({ party: aParty(), roles: ['approver'] }), trade.invoiceId, { reaction: 'confirmed' })).toMatchObject({ status: 404, ...problem('invoice-not-found') });
    const unsent = await invoicedTrade(given);
    expect(await say(unsent.checker, unsent.invoiceId, { reaction: 'confirmed' })).toMatchObject({ status: 409, body: { state: 'memory-id-missing' } });
    const both = await Promise.all(['confirmed', 'confirmed'].map((reaction) => say(trade.checker, trade.invoiceId, { reaction })));
    expect(both.map((reply) => reply.status).sort()).toEqual([200, 409]);
  });
});
