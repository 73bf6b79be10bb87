import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contract, newStory } from '../../test-support/contracts.js';
import { newSource } from '../../test-support/database.js';
import { run, until } from '../../test-support/run.js';
import { audit, newSealKey, sealCheckOf, sealKeyOf, transact, type Anchor, type Audit, type Broker, type Source } from '../index.js';
import { hashOf } from './seal.js';

const silentBroker: Broker = {
  name: 'memory', ensureTopics: async () => {}, lag: async () => 0, close: async () => {}, produce: async () => {}, subscribe: async () => ({ close: async () => {}, health: () => ({ ok: true }) }),
};

describe('sealed facts', () => {
  const { orders } = newStory();
  const Went = contract(orders, 'Went');
  const pem = newSealKey();
  const anchors: Anchor[] = [];
  let source: Source;
  const keys = () => new Map([sealCheckOf(pem)].map(({ fingerprint, publicKey }) => [fingerprint, publicKey]));
  const look = (more: Partial<Parameters<typeof audit>[1]> = {}): Promise<Audit> => audit(source.pool, { service: orders, keys: keys(), anchors, ...more });
  const kinds = async (more: Partial<Parameters<typeof audit>[1]> = {}): Promise<string[]> => (await look(more)).findings.map(({ kind, ...where }) => `${kind} ${'seq' in where ? where.seq : where.seal}`);
  const start = (writers: number, each: number) => run([{
    source, broker: silentBroker, controllers: [], sealing: { key: sealKeyOf(pem), anchor: (seal) => void anchors.push({ service: seal.service, number: seal.number, hash: hashOf(seal) }) },
  }], { sealMs: 30 }).then(async (app) => {
    await Promise.all(Array.from({ length: writers }, async (_, w) => {
      for (let n = 0; n < each; n++) await transact(source, (tx) => tx.publish(Went.of({ orderId: `w${w}`, n })));
    }));
    await until('all is sealed', async () => (await look()).waiting === 0);
    await app.close();
  });
  /** Does something behind the platform's back, looks, and puts everything back. */
  const tampered = async (...statements: string[]): Promise<string[]> => {
    await source.pool.query('create table if not exists kept_facts as select * from facts; create table if not exists kept_seals as select * from seals');
    for (const statement of statements) await source.pool.query(statement);
    const found = await kinds();
    await source.pool.query('truncate facts; insert into facts select * from kept_facts; truncate seals; insert into seals select * from kept_seals');
    return found;
  };

  beforeAll(async () => {
    source = await newSource(orders);
    await start(8, 25);
  }, 60_000);
  afterAll(() => source.data.destroy());

  it('are all under a chain that somebody outside kept and whose last seal is signed', async () => {
    const found = await look();
    expect(found).toMatchObject({ facts: 200, waiting: 0, anchors: found.seals, signedBy: sealCheckOf(pem).fingerprint, findings: [] });
    expect(found.seals).toBeGreaterThan(1);
    expect(anchors.map(({ number }) => number)).toEqual(Array.from({ length: found.seals }, (_, n) => n + 1));
  });

  it('go on in the same chain after a restart, also by two processes at once', async () => {
    await Promise.all([start(4, 10), start(4, 10)]);
    expect(await look()).toMatchObject({ facts: 280, waiting: 0, findings: [] });
    expect(new Set(anchors.map(({ number }) => number)).size).toBe(anchors.length);
  });

  it.each([
    ['an edited amount', `update facts set data = '{"orderId":"w1","n":99}' where seq = 7`, ['fact-edited 7']],
    ['white space in the text', `update facts set data = (data::text || ' ')::json where seq = 7`, ['fact-edited 7']],
    ['another cause', `update facts set causationid = 'x' where seq = 8`, ['fact-edited 8']],
    ['another time', `update facts set time = time + interval '1 microsecond' where seq = 9`, ['fact-edited 9']],
    ['another audience', `update facts set parties = parties || '{00000000-0000-0000-0000-000000000000}'::uuid[] where seq = 9`, ['fact-edited 9']],
    ['a deleted fact', 'delete from facts where seq = 11', ['fact-missing 11']],
    ['two that changed places', 'update facts set seq = 33 - seq where seq in (16, 17)', ['fact-edited 16', 'fact-edited 17']],
    ['one that slipped in', `insert into facts select 100000, gen_random_uuid(), type, key, time, recordedtime, causationid, correlationid, groupid, traceparent, parties, data from facts where seq = 3`, ['fact-unsealed 100000']],
    ['a seal taken out of the chain', 'delete from seals where number = 2', expect.arrayContaining(['seal-missing 2', 'seal-edited 3'])],
    ['a root that was changed', `update seals set root = sha256('x') where number = 2`, expect.arrayContaining(['seal-edited 2'])],
    ['numbers that were changed', `update seals set seqs = '{[1,9000000000000)}' where number = 2`, expect.arrayContaining(['seal-edited 2'])],
    ['the end cut off', 'delete from seals where number = (select max(number) from seals)', expect.arrayContaining([expect.stringMatching(/^seal-missing/), expect.stringMatching(/^fact-unsealed/)])],
  ])('show %s', async (_what, statement, found) => {
    expect(await tampered(statement)).toEqual(found);
  });

  it('show one that slipped in while a thousand others wait for the broker', async () => {
    const more = (from: number, to: number) => `insert into facts select n, gen_random_uuid(), type, key, time, recordedtime, causationid, correlationid, groupid, traceparent, parties, data from facts, generate_series(${from}, ${to}) n where seq = 3`;
    expect(await tampered(more(20_001, 21_200), 'insert into unsent select seq, recordedtime from facts where seq > 20000', more(30_000, 30_000))).toEqual(['fact-unsealed 30000']);
    await source.pool.query('truncate unsent');
  });

  it('show a row that was edited together with its hash', async () => {
    const leaf = `(select sha256('\\x00'::bytea || record_send(row(f.seq, f.id, f.type, f.key, f.time, f.recordedtime, f.causationid, f.correlationid, f.groupid, f.traceparent, f.parties, f.data))) from facts f where seq = (select min(seq) from facts))`;
    const found = await tampered(`update facts set data = '{"orderId":"w1","n":99}' where seq = (select min(seq) from facts)`,
      `update seals set leaves = overlay(leaves placing ${leaf} from 1 for 32) where seqs @> (select min(seq) from facts)`);
    expect(found).toEqual([expect.stringMatching(/^seal-edited/)]);
  });

  it('show a chain made anew with another key, or with the stolen one', async () => {
    const other = newSealKey();
    await source.pool.query('create table all_seals as select * from seals; truncate seals; delete from facts where seq = 20; insert into sent (seqs, size) select range_agg(int8range(seq, seq, $$[]$$)), count(*) from facts');
    const again = async (key: string) => {
      const app = await run([{ source, broker: silentBroker, controllers: [], sealing: { key: sealKeyOf(key) } }], { sealMs: 30 });
      await until('all is sealed', async () => (await look()).waiting === 0);
      await app.close();
    };
    await again(other);
    expect(await kinds({ anchors: [] })).toEqual(['seal-forged 1']);
    await source.pool.query('truncate seals; insert into sent (seqs, size) select range_agg(int8range(seq, seq, $$[]$$)), count(*) from facts');
    await again(pem);
    // Nothing inside the database can tell any more: what was kept outside does.
    expect(await kinds({ anchors: [] })).toEqual([]);
    expect(await kinds()).toEqual(expect.arrayContaining(['seal-not-anchored 1', 'seal-missing 2']));
    await source.pool.query('truncate seals; insert into seals select * from all_seals');
  });

  it('are not added to a chain that ends before what the process sealed', async () => {
    const other = await newSource(newStory().orders);
    const app = await run([{ source: other, broker: silentBroker, controllers: [], sealing: { key: sealKeyOf(pem) } }], { sealMs: 30 });
    const seals = async (): Promise<number> => Number((await other.pool.query<{ n: string }>('select count(*) as n from seals')).rows[0]?.n);
    const tell = () => transact(other, (tx) => tx.publish(contract(other.service, 'Went').of({ orderId: 'w', n: 1 })));
    await tell();
    await until('it is sealed', async () => (await seals()) === 1);
    await other.pool.query('truncate seals');
    await tell();
    await until('the cut is told', async () => app.logs.some(({ reason }) => String(reason).includes('somebody changed it')));
    expect(await seals()).toBe(0);
    await app.close();
    await other.data.destroy();
  });

  it('leave out, and say so, what vanished before it was sealed', async () => {
    const { rows: [{ seq }] } = await source.pool.query<{ seq: string }>('select max(seq) as seq from facts');
    await source.pool.query('truncate seals');
    await source.pool.query('delete from facts where seq = $1', [seq]);
    await source.pool.query('insert into sent (seqs, size) select int8multirange(int8range(min(seq), $1::bigint, $$[]$$)), count(*) + 1 from facts', [seq]);
    const app = await run([{ source, broker: silentBroker, controllers: [], sealing: { key: sealKeyOf(pem) } }], { sealMs: 30 });
    await until('all is sealed', async () => (await look()).waiting === 0);
    await app.close();
    expect(app.logs).toContainEqual(expect.objectContaining({ level: 'error', message: 'Facts vanished before they were sealed' }));
    expect(await kinds({ anchors: [] })).toEqual([]);
  });

  it('are checked with the public key alone; a key of another kind is refused', () => {
    const publicKey = createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'pem' }).toString();
    expect(sealCheckOf(publicKey).fingerprint).toBe(sealKeyOf(pem).fingerprint);
    expect(() => sealKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())).toThrow('Ed25519');
  });
});
