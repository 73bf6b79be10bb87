import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aParty } from '@peyvand/testing';
import { startDelivery, type Given } from '../../test/trade.js';

describe('a seller’s tax standing', () => {
  let given: Given;
  beforeAll(async () => { given = await startDelivery(); });
  afterAll(() => given?.app.close());
  const register = (body: object, options = {}) => given.operator.post('/api/delivery/tax-standings', { from: '2022-01-03', registered: true, ...body }, options);
  const rows = (sellerId: string) => given.app.sql('select from_day::text, registered, memory_id from tax_registrations where seller_id = $1 order by from_day', [sellerId]);

  it('carries the fiscal memory id, which a later word without one does not take away', async () => {
    const sellerId = aParty();
    expect(await register({ sellerId, memoryId: 'A11216' }, { idempotencyKey: 'a' })).toMatchObject({ status: 201, body: { sellerId, memoryId: 'A11216' } });
    expect(await register({ sellerId, memoryId: 'A11216' }, { idempotencyKey: 'a' })).toMatchObject({ status: 201 });
    await register({ sellerId });
    await register({ sellerId, from: '2026-01-01', registered: false });
    expect(await rows(sellerId)).toEqual([{ from_day: '2022-01-03', registered: true, memory_id: 'A11216' }, { from_day: '2026-01-01', registered: false, memory_id: null }]);
  });

  it('refuses a memory id of another seller and one that is none', async () => {
    const [one, two] = [aParty(), aParty()];
    await register({ sellerId: one, memoryId: 'B22222' });
    expect(await register({ sellerId: two, memoryId: 'B22222' })).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:memory-id-of-another' } });
    expect(await rows(two)).toEqual([]);
    for (const memoryId of ['b22222', 'B2222', 'B222222', 'B22-22', '']) expect(await register({ sellerId: two, memoryId })).toMatchObject({ status: 400 });
    expect(await register({ sellerId: two, memoryId: 'B۲۲۲۲۳' })).toMatchObject({ status: 201, body: { memoryId: 'B22223' } });
  });

  it('is the operator’s to record', async () => {
    expect(await given.app.as({ party: aParty(), roles: ['producer'] }).post('/api/delivery/tax-standings', { sellerId: aParty(), from: '2022-01-03', registered: true, memoryId: 'C33333' })).toMatchObject({ status: 403 });
  });
});
