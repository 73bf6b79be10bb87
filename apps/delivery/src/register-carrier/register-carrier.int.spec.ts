import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CarrierRegistered } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aParty } from '@peyvand/testing';
import { startDelivery, type Given } from '../../test/trade.js';

describe('registers', () => {
  let given: Given;
  beforeAll(async () => { given = await startDelivery(); });
  afterAll(() => given?.app.close());

  it('a carrier once, under the id it was given, and keeps its name out of the fact', async () => {
    const [id, name] = [newId(), 'باربری البرز'];
    const first = await given.operator.post('/api/delivery/carriers', { id, name }, { idempotencyKey: 'carrier' });
    expect(first).toMatchObject({ status: 201, body: { carrierId: id } });
    expect(await given.operator.post('/api/delivery/carriers', { id, name }, { idempotencyKey: 'carrier' })).toMatchObject({ status: 201 });
    expect(await given.operator.post('/api/delivery/carriers', { id, name })).toMatchObject({ status: 409 });
    expect((await given.app.facts(CarrierRegistered)).filter((fact) => fact.key === id).map((fact) => fact.data)).toEqual([{ carrierId: id }]);
    expect((await given.app.as({ party: aParty(), roles: ['producer'] }).get('/api/delivery/carriers')).body.items).toContainEqual({ carrierId: id, name });
  });

  it('a carrier only by the operator', async () => {
    expect(await given.app.as({ party: aParty(), roles: ['carrier'] }).post('/api/delivery/carriers', { name: 'خودم' })).toMatchObject({ status: 403 });
  });

  it('a storekeeper’s phone of one’s own network', async () => {
    const [network, placeId] = [aParty(), newId()];
    const keeper = given.app.as({ party: network, roles: ['storekeeper'] });
    expect(await keeper.post('/api/delivery/contacts', { placeId, phone: '12' })).toMatchObject({ status: 400, body: { errors: [{ path: 'phone' }] } });
    expect(await keeper.post('/api/delivery/contacts', { placeId, phone: '09121234567' })).toMatchObject({ status: 201 });
    expect(await given.operator.post('/api/delivery/contacts', { placeId, phone: '09121234567' })).toMatchObject({ status: 422 });
    expect(await given.operator.post('/api/delivery/contacts', { placeId, phone: '09127654321', networkId: network })).toMatchObject({ status: 201 });
    expect(await given.app.sql('select network_id, phone from contacts where place_id = $1', [placeId])).toEqual([{ network_id: network, phone: '+989127654321' }]);
  });
});
