import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { conformance } from '../../test-support/conformance.js';
import { newDatabase, urlOf } from '../../test-support/database.js';
import { embeddedBroker } from './embedded.js';

const open = async () => {
  const pool = new pg.Pool({ connectionString: urlOf(await newDatabase()), max: 12 });
  const broker = await embeddedBroker({ pool });
  return { broker, child: { BROKER_DATABASE: await newDatabase() }, close: async () => (await broker.close(), await pool.end()) };
};

conformance('embedded', open);

describe('the embedded broker', () => {
  it('refuses a second process', async () => {
    const database = await newDatabase();
    const pools = [1, 2].map(() => new pg.Pool({ connectionString: urlOf(database), max: 3 }));
    const [first, second] = pools as [pg.Pool, pg.Pool];
    const broker = await embeddedBroker({ pool: first });
    await expect(embeddedBroker({ pool: second })).rejects.toThrow(/Another process has the embedded broker open/);
    await broker.close();
    const after = await embeddedBroker({ pool: second });
    await after.close();
    await Promise.all(pools.map((pool) => pool.end()));
  });
});
