import { afterEach, describe, expect, it } from '@jest/globals';
import { newId } from '@peyvand/kernel';
import { startDelivery, type Given } from '../../test/trade.js';

const path = '/api/delivery/demo/tax';

describe('the simulated tax system’s mood', () => {
  let given: Given | undefined;
  afterEach(() => given?.app.close());

  it('is the operator’s to change, piece by piece', async () => {
    const { app, operator } = (given = await startDelivery());
    expect(await operator.get(path)).toMatchObject({ status: 200, body: { documents: 'ok', delayMs: 0 } });
    expect((await operator.put(path, { documents: 'twice' })).body).toEqual({ documents: 'twice', delayMs: 0 });
    expect((await operator.put(path, { delayMs: 20 })).body).toEqual({ documents: 'twice', delayMs: 20 });
    expect(await operator.put(path, { documents: 'asleep' })).toMatchObject({ status: 400 });
    expect(await operator.put(path, { reactions: { x: 'maybe' } })).toMatchObject({ status: 400, body: { errors: [{ path: 'reactions.x' }] } });
    expect(await app.as({ party: newId(), roles: ['producer'] }).put(path, { documents: 'refuse' })).toMatchObject({ status: 403 });
  });

  it('is nobody’s business elsewhere: there is no such route', async () => {
    const { operator } = (given = await startDelivery({}, { DEMO: 'false' }));
    expect(await operator.get(path)).toMatchObject({ status: 404 });
    expect(await operator.put(path, { documents: 'refuse' })).toMatchObject({ status: 404 });
  });
});
