// Writes that are wrong on purpose: each reads, thinks and writes as if it were alone.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { transact } from '@peyvand/messaging';
import { done, refusalTable, write } from '@peyvand/platform';
import { EntitySchema } from 'typeorm';
import { startCluster } from '../../bench/messaging/cluster.mjs';
import { randomOf } from '../random.mjs';

const [crowd, each] = [8, 12];

/** Everybody at once on one database; `check` tells in words what is wrong afterwards. */
const crowded = async ({ seed, tables, act, check, entities = [] }) => {
  const [random, cluster] = [randomOf(seed), await startCluster()];
  const source = await cluster.open('orders', 12);
  await source.data.query(tables);
  if (entities.length > 0) {
    await source.data.destroy();
    source.data.setOptions({ entities });
    await source.data.initialize();
  }
  try {
    await Promise.all(Array.from({ length: crowd }, async (_, who) => {
      for (let n = 0; n < each; n++) await act({ source, random, who, n });
    }));
    return await check(source);
  } finally {
    await source.data.destroy();
    await cluster.stop();
  }
};

const Order = new EntitySchema({ name: 'ControlOrder', tableName: 'stock', columns: { id: { type: 'int', primary: true }, matched: { type: 'int' }, version: { type: 'int' } } });

/** A unit more is matched, by many at once: the sum must be what was done. */
const staleVersion = (act) => ({ seed }) => crowded({
  seed, act, entities: [Order], tables: 'create table stock (id int primary key, matched int not null, version int not null); insert into stock values (1, 0, 1)',
  check: async (source) => {
    const [{ matched }] = await source.data.query('select matched from stock');
    return matched === crowd * each ? [] : [`${crowd * each} units were matched and ${matched} stand`];
  },
});

const saves = async ({ source, random }) => {
  const repository = source.data.getRepository('ControlOrder');
  const order = await repository.findOneByOrFail({ id: 1 });
  await sleep(random.whole(0, 3));
  await repository.save({ ...order, matched: order.matched + 1, version: order.version + 1 });
};

/** As the platform's stores do: the version that was read is named in the update, and who lost begins anew. */
const namesTheVersion = async ({ source, random }) => {
  for (;;) {
    const changed = await transact(source, async (tx) => {
      const [order] = await tx.sql('select matched, version from stock where id = 1');
      await sleep(random.whole(0, 3));
      return tx.run('update stock set matched = $1, version = version + 1 where id = 1 and version = $2', [order.matched + 1, order.version]);
    });
    if (changed === 1) return;
  }
};

/** Rounds of one market commit capacity of one offer, each for what it found free. */
const capacity = (act) => ({ seed }) => crowded({
  seed, act, tables: `create table offers (id int primary key, capacity int not null, committed int not null); insert into offers values (1, 40, 0);
    create table held (place bigint generated always as identity, units int not null); create table markets (market text primary key, epoch bigint not null); insert into markets values ('shoes', 0)`,
  check: async (source) => {
    const [{ units, capacity: offered }] = await source.data.query('select (select coalesce(sum(units), 0)::int from held) as units, capacity from offers');
    return units <= offered ? [] : [`${units} units are held by matches and ${offered} were offered`];
  },
});

const outsideTheLease = async ({ source, random }) => {
  const [{ free }] = await source.data.query('select capacity - committed as free from offers where id = 1');
  const units = Math.min(free, random.whole(1, 3));
  await sleep(random.whole(0, 3));
  if (units > 0) await transact(source, async (tx) => {
    await tx.run('update offers set committed = committed + $1 where id = 1', [units]);
    await tx.run('insert into held (units) values ($1)', [units]);
  });
};

/** As a round does: it takes the market's next epoch first, reads what is free, and writes only while no newer round has begun. */
const underTheLease = async ({ source, random }) => {
  const epoch = await transact(source, async (tx) => (await tx.sql(`update markets set epoch = epoch + 1 where market = 'shoes' returning epoch`))[0].epoch);
  const [{ free }] = await source.data.query('select capacity - committed as free from offers where id = 1');
  const units = Math.min(free, random.whole(1, 3));
  await sleep(random.whole(0, 3));
  if (units > 0) await transact(source, async (tx) => {
    if ((await tx.sql(`select 1 from markets where market = 'shoes' and epoch = $1 for update`, [epoch])).length === 0) return;
    await tx.run('update offers set committed = committed + $1 where id = 1', [units]);
    await tx.run('insert into held (units) values ($1)', [units]);
  });
};

const refusals = refusalTable({});

/** The same request comes several times at once with one key: it may work once. */
const idempotency = (act) => ({ seed }) => crowded({
  seed, act, tables: 'create table naive_keys (key text primary key); create table done (key text not null)',
  check: async (source) => {
    const rows = await source.data.query('select key, count(*)::int as times from done group by 1 having count(*) > 1');
    return rows.length === 0 ? [] : [`${rows.length} requests worked more than once, one of them ${Math.max(...rows.map(({ times }) => times))} times`];
  },
});

const checkThenDo = async ({ source, n }) => {
  const key = `request-${n}`;
  if ((await source.data.query('select from naive_keys where key = $1', [key])).length > 0) return;
  await sleep(2);
  await source.data.query('insert into done values ($1)', [key]);
  await source.data.query('insert into naive_keys values ($1) on conflict do nothing', [key]);
};

/** The platform's own way over HTTP: the key's row comes first, in the transaction of the work. */
const ownWrite = async ({ source, n }) => {
  const caller = {
    party: operatorParty, roles: ['operator'], subject: 'rig', locale: 'en', idempotencyKey: `request-${n}`, route: 'POST /api/orders', path: '/api/orders', status: 201, bodyHash: 'same', correlationid: randomUUID(), traceparent: '',
  };
  const work = async (tx) => {
    await tx.run('insert into done values ($1)', [`request-${n}`]);
    return done({ n });
  };
  // Who meets the same request under way is told so, and asks again.
  for (let tries = 0; tries < 100; tries++) {
    try {
      return await write(source, caller, refusals, work);
    } catch (error) {
      if (error?.code !== '55P03' && error?.entry === undefined) throw error;
      await sleep(20);
    }
  }
};
const operatorParty = '0199a000-0000-7000-8000-000000000900';

const against = (says, check, healthy, broken) => ({ says, run: async ({ seed }) => ({ healthy: await check(healthy)({ seed }), broken: await check(broken)({ seed }) }) });

export const storeControls = {
  'save-on-stale-version': against('an entity is read, changed and saved without naming the version that was read', staleVersion, namesTheVersion, saves),
  'capacity-outside-lease': against('what is free is read outside the market’s lease', capacity, underTheLease, outsideTheLease),
  'idempotency-check-then-do': against('the key is looked up first and stored last', idempotency, ownWrite, checkThenDo),
};
