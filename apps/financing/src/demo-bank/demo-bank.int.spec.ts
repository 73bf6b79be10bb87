import { afterEach, describe, expect, it } from '@jest/globals';
import { newId } from '@peyvand/kernel';
import { testService, type TestApp } from '@peyvand/testing';
import { financing } from '../financing.module.js';

describe('the simulated bank’s mood', () => {
  let app: TestApp | undefined;
  afterEach(() => app?.close());
  const operator = () => (app as TestApp).as({ party: newId(), roles: ['operator'] });

  it('can be changed piece by piece in a demo', async () => {
    app = await testService(financing);
    const debtor = newId();
    expect((await operator().get('/api/financing/demo/bank')).body).toEqual({ payments: 'ok', delayMs: 0, collections: {}, accounts: {} });
    expect((await operator().put('/api/financing/demo/bank', { payments: 'twice', collections: { [debtor]: 'refuse' } })).body).toMatchObject({ payments: 'twice', collections: { [debtor]: 'refuse' } });
    expect((await operator().put('/api/financing/demo/bank', { delayMs: 20 })).body).toEqual({ payments: 'twice', delayMs: 20, collections: { [debtor]: 'refuse' }, accounts: {} });
    expect((await operator().put('/api/financing/demo/bank', { collections: { nobody: 'refuse' } })).status).toBe(400);
    expect((await app.as({ party: newId(), roles: ['funder'] }).get('/api/financing/demo/bank')).status).toBe(403);
  });

  it('is nobody’s business elsewhere: there is no such route', async () => {
    app = await testService(financing, { config: { demo: false } });
    expect((await operator().get('/api/financing/demo/bank')).status).toBe(404);
    expect((await operator().put('/api/financing/demo/bank', { payments: 'refuse' })).status).toBe(404);
  });
});
