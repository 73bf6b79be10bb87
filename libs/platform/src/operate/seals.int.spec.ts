import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NetworkRegistered } from '@peyvand/contracts';
import { newSealKey, sealCheckOf, sealKeyOf, transact } from '@peyvand/messaging';
import { aParty, testService, type TestApp } from '@peyvand/testing';
import { defineService } from '../define-service.js';

describe('seals over HTTP', () => {
  const pem = newSealKey();
  let app: TestApp;
  const anybody = () => app.as({ party: aParty(), roles: ['buyer'] });
  beforeAll(async () => {
    app = await testService(defineService({ name: 'retailers', controllers: [] }), { broker: 'embedded', config: { sealKeyOf: () => sealKeyOf(pem) } });
  });
  afterAll(() => app.close());

  it('tell anybody who is signed in how far the chain goes, and nothing of what is in it', async () => {
    const { source } = app;
    for (const revision of [1, 2]) {
      await transact(source, (tx) => tx.publish(NetworkRegistered.of({ ...NetworkRegistered.sample, networkId: aParty(), revision })), { cause: { causationid: 'test' } });
      for (const until = Date.now() + 20_000; (await anybody().get('/api/retailers/seals')).body.items.length < revision && Date.now() < until;) await sleep(50);
    }
    const { body } = await anybody().get('/api/retailers/seals');
    expect(body.items).toMatchObject([
      { service: 'retailers', number: 1, count: 1, previous: '0'.repeat(64), key: sealCheckOf(pem).fingerprint }, { number: 2, count: 1, previous: body.items[0].hash }]);
    expect(Object.keys(body.items[0]).sort()).toEqual(['count', 'hash', 'key', 'number', 'previous', 'root', 'service', 'signature', 'time']);
    expect((await anybody().get('/api/retailers/seals?after=1')).body.items).toEqual([body.items[1]]);
    expect((await app.as().get('/api/retailers/seals')).status).toBe(401);
  });

  it('give out the key to check them with', async () => {
    const { body } = await anybody().get('/api/retailers/seals/key');
    expect(sealCheckOf(body.publicKey).fingerprint).toBe(body.key);
    expect(body.publicKey).not.toContain('PRIVATE');
  });
});
