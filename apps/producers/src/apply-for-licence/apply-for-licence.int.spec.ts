import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProducerSuspended, ProducerVerified } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { testService, type TestApp } from '@peyvand/testing';
import { aProducer, operator, producerOf } from '../../test/given.js';
import { producers } from '../producers.module.js';

describe('a licence, from the application to its end', () => {
  let app: TestApp;
  let id: string;
  beforeAll(async () => void (app = await testService(producers)));
  beforeEach(async () => {
    await app.as().put('/api/producers/demo/licences', {});
    id = await aProducer(app, { licence: false });
  });
  afterAll(async () => {
    expect(await app.parked()).toEqual([]);
    await app.close();
  });
  const apply = (more: object = {}, by = producerOf(app, id)) => by.post(`/api/producers/${id}/licences`, { kind: 'operation', number: newId(), validUntil: '2026-06-30', ...more });
  const told = async () => [...(await app.facts(ProducerVerified)), ...(await app.facts(ProducerSuspended))].filter(({ key }) => key === id).map(({ type, data }) => [type.split('.')[3], data.validUntil ?? data.reason]);

  it('is confirmed by its issuer and verifies the producer until its last day', async () => {
    expect(await apply()).toMatchObject({ status: 201, body: { state: 'asked' } });
    await app.settle();
    expect(await told()).toEqual([['ProducerVerified', '2026-06-30']]);
    await app.clock.advanceTo('2026-06-30T20:29:59Z');
    expect(await told()).toHaveLength(1);
    await app.clock.advanceTo('2026-06-30T20:30:00Z');
    expect(await told()).toEqual([['ProducerVerified', '2026-06-30'], ['ProducerSuspended', 'licence-expired']]);
  });

  it('is refused by its issuer: nothing is told, and the number may be asked for again', async () => {
    await app.as().put('/api/producers/demo/licences', { numbers: { 'R-1': 'refuse' } });
    await apply({ number: 'R-1', validUntil: '2027-01-01' });
    await app.settle();
    expect((await producerOf(app, id).get(`/api/producers/${id}`)).body).toMatchObject({ standing: { status: 'registered' }, licences: [{ state: 'refused', reason: 'unknown-number' }] });
    expect(await told()).toEqual([]);
    expect((await apply({ number: 'R-1', validUntil: '2027-01-01' })).status).toBe(201);
  });

  it('counts an answer that comes twice once', async () => {
    await app.as().put('/api/producers/demo/licences', { answers: 'twice' });
    await apply({ validUntil: '2027-01-01' });
    await app.settle();
    expect(await told()).toEqual([['ProducerVerified', '2027-01-01']]);
  });

  it('is asked about again until an issuer that kept silent answers', async () => {
    await app.as().put('/api/producers/demo/licences', { numbers: { 'S-1': 'silent' } });
    await apply({ number: 'S-1', validUntil: '2027-01-01' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await told()).toEqual([]);
    await app.as().put('/api/producers/demo/licences', {});
    await app.settle();
    expect(await told()).toEqual([['ProducerVerified', '2027-01-01']]);
  });

  it('that has ended already suspends instead of verifying', async () => {
    await apply({ validUntil: '2026-01-01' });
    await app.settle();
    expect(await told()).toEqual([['ProducerSuspended', 'licence-expired']]);
  });

  it('leaves the producer verified when a longer one takes over', async () => {
    await apply({ validUntil: '2026-08-01' });
    await app.settle();
    await apply({ validUntil: '2027-08-01', kind: 'commercial-card' });
    await app.settle();
    await app.clock.advanceTo('2026-08-02T12:00:00Z');
    expect(await told()).toEqual([['ProducerVerified', '2026-08-01'], ['ProducerVerified', '2027-08-01']]);
  });

  it('has one holder', async () => {
    await apply({ number: 'الف-۱۲/۳' });
    expect(await apply({ number: 'الف ۱۲ ۳' })).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:licence-held' } });
  });

  it('is not for strangers to hand in', async () => {
    expect(await apply({}, producerOf(app, newId()))).toMatchObject({ status: 404 });
    expect(await app.sql('select 1 from licences where producer_id = $1', [id])).toEqual([]);
  });

  it('does not lift the operator’s hold', async () => {
    expect(await operator(app).post(`/api/producers/${id}/suspend`)).toMatchObject({ status: 200, body: { status: 'suspended', reason: 'by-operator' } });
    expect((await operator(app).post(`/api/producers/${id}/suspend`)).status).toBe(409);
    await apply({ validUntil: '2028-01-01' });
    await app.settle();
    expect(await told()).toEqual([['ProducerSuspended', 'by-operator']]);
    expect(await operator(app).post(`/api/producers/${id}/reinstate`)).toMatchObject({ status: 200, body: { status: 'verified', until: '2028-01-01' } });
  });

  it('that its issuer takes back suspends', async () => {
    const { body } = await apply({ validUntil: '2028-02-01' });
    await app.settle();
    expect(await operator(app).post(`/api/producers/${id}/licences/${body.licenceId}/withdraw`)).toMatchObject({ status: 200, body: { status: 'suspended', reason: 'licence-withdrawn' } });
    expect((await operator(app).post(`/api/producers/${id}/licences/${body.licenceId}/withdraw`)).status).toBe(409);
  });
});
