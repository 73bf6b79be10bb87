import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { NetworkRegistered, ProducerRegistered, StoreOpened, type DataOf, type Fact } from '@peyvand/contracts';
import { addHours, instant } from '@peyvand/kernel';
import { OnDeadline, OnErrand, OnFact, Poison, transact, type Due, type Tx } from '@peyvand/messaging';
import { defineService, Public, Replies, reply } from '@peyvand/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { testServices, type TestPlatform } from './index.js';

class Told0001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table told (place bigint generated always as identity, what text not null, at timestamptz not null)');
  }
  async down(): Promise<void> {}
}

const tell = (tx: Tx, what: string) => tx.run('insert into told (what, at) values ($1, $2)', [what, new Date(tx.now).toISOString()]);

@Controller()
class ProducersHear {
  @OnDeadline('producers/first') async first(_due: Due, tx: Tx): Promise<void> {
    await tell(tx, 'first');
    await tx.schedule({ kind: 'producers/second', key: 'a', dueAt: addHours(tx.now, 5) });
    await tx.publish(ProducerRegistered.of(ProducerRegistered.sample));
  }
  @OnDeadline('producers/second') async second(_due: Due, tx: Tx): Promise<void> {
    await tell(tx, 'second');
  }
}

let failures = 0;

@Controller()
class RetailersHear {
  @OnFact(ProducerRegistered) async hear(fact: Fact<DataOf<typeof ProducerRegistered>>, tx: Tx): Promise<void> {
    if (fact.data.producerId.startsWith('ffff')) throw new Poison('never');
    await tell(tx, 'heard');
    await tx.publish(StoreOpened.of(StoreOpened.sample));
    await tx.schedule({ kind: 'retailers/call', key: fact.id, dueAt: tx.now });
  }
  @OnErrand('retailers/call') async call(): Promise<(tx: Tx) => Promise<void>> {
    if (failures++ === 0) throw new Error('the outside is away');
    return async (tx) => void (await tell(tx, 'called'));
  }
}

const Told = z.object({ what: reply.text });

@Controller('api/retailers/told')
@Public()
class ToldHttp {
  @Get('true') @Replies(Told) truly() {
    return { what: 'heard' };
  }
  // As a row of SQL can, which the compiler believes.
  @Get('false') @Replies(Told) falsely() {
    return { what: 'heard', also: 'a secret' } as { what: string };
  }
}

const producers = defineService({ name: 'producers', migrations: [Told0001], consumers: [ProducersHear] });
const retailers = defineService({ name: 'retailers', migrations: [Told0001], consumers: [RetailersHear] });

describe('several services under test', () => {
  let all: TestPlatform | undefined;
  afterEach(() => all?.close());

  it('go through a jump of the clock in business order, facts and errands included', async () => {
    all = await testServices([producers, retailers], { broker: 'embedded', start: '2026-03-21T00:00:00Z' });
    await transact(all.source('producers'), (tx) => tx.schedule({ kind: 'producers/first', key: 'a', dueAt: instant('2026-03-21T01:00:00Z') }));
    await all.clock.advance({ days: 1 });
    const told = async (service: string) => (await (all as TestPlatform).sql<{ what: string; at: Date }>(service, 'select what, at from told order by place')).map(({ what, at }) => `${at.toISOString().slice(11, 16)} ${what}`);
    expect(await told('producers')).toEqual(['01:00 first', '06:00 second']);
    expect(await told('retailers')).toEqual(['01:00 heard', '01:00 called']);
    expect(all.clock.now()).toBe(instant('2026-03-22T00:00:00Z'));
    expect((await all.facts()).map((fact) => fact.type.split('.')[3])).toEqual(['ProducerRegistered', 'StoreOpened']);
    expect(await all.facts(StoreOpened)).toMatchObject([{ causationid: (await all.facts(ProducerRegistered))[0]?.id, time: '2026-03-21T01:00:00.000Z' }]);
    expect(await all.parked()).toEqual([]);
  });

  it('show what gave up', async () => {
    all = await testServices([retailers]);
    expect(await all.deliver(ProducerRegistered.of({ ...ProducerRegistered.sample, producerId: 'ffff0000-0000-7000-8000-000000000000' }))).toEqual({ handled: 0, duplicates: 0, diverted: 1 });
    await all.settle();
    expect(await all.parked()).toMatchObject([{ service: 'retailers', what: ProducerRegistered.type, error: expect.stringContaining('never') }]);
  });

  it('are held to what their routes say they answer', async () => {
    all = await testServices([producers, defineService({ name: 'retailers', controllers: [ToldHttp] })]);
    expect((await all.as().get('/api/retailers/told/true')).body).toEqual({ what: 'heard' });
    await expect(all.as().get('/api/retailers/told/false')).rejects.toThrow(/GET \/api\/retailers\/told\/false answered 200[^]*must NOT have additional properties[^]*also/);
  });

  it('hear only what concerns them', async () => {
    all = await testServices([producers, retailers]);
    expect(await all.deliver([NetworkRegistered.of(NetworkRegistered.sample)])).toEqual({ handled: 0, duplicates: 0, diverted: 0 });
  });

  it('have databases of their own, every time', async () => {
    all = await testServices([producers, retailers]);
    expect(await all.sql('retailers', 'select 1 from told')).toEqual([]);
    const names = await Promise.all(['producers', 'retailers'].map(async (name) => (await (all as TestPlatform).sql<{ db: string }>(name, 'select current_database() as db'))[0]?.db));
    expect(new Set(names).size).toBe(2);
  });
});
