import { Controller } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { instant, isoOf, type Instant } from '@peyvand/kernel';
import { contract } from '../../test-support/contracts.js';
import { effects, newSource } from '../../test-support/database.js';
import { run, until, type Running } from '../../test-support/run.js';
import { listParked, manualClock, OnDeadline, OnDeadlines, OnErrand, OnErrands, redrive, transact, type Due, type DueOfMany, type Source, type Tx } from '../index.js';

const start = instant('2026-03-21T06:00:00Z');
const hour = 3_600_000;
const at = (hours: number): Instant => (start + hours * hour) as Instant;

describe('deadlines and errands', () => {
  let source: Source;
  let app: Running;
  const clock = () => source.clock as ReturnType<typeof manualClock>;
  const begin = async (controllers: Parameters<typeof run>[0][number]['controllers'], settings: Parameters<typeof run>[1] = {}) => {
    source = await newSource('orders', manualClock(start));
    app = await run([{ source, controllers }], settings);
  };
  afterEach(async () => {
    await app.close();
    await source.data.destroy();
  });
  const note = (tx: Tx, by: string, due: Due) => tx.run('insert into effect (by, key, n) values ($1, $2, $3)', [by, due.key, (tx.now - start) / hour]);

  it('fire at their due time and in due order, also those set while firing', async () => {
    @Controller()
    class Steps {
      @OnDeadline('step')
      async step(due: Due<{ next?: number }>, tx: Tx): Promise<void> {
        await note(tx, isoOf(tx.now), due);
        if (due.data?.next !== undefined) await tx.schedule({ kind: 'step', key: `${due.key}+`, dueAt: at(due.data.next) });
      }
    }
    await begin([Steps]);
    await transact(source, (tx) => tx.schedule([
      { kind: 'step', key: 'c', dueAt: at(30) }, { kind: 'step', key: 'a', dueAt: at(1), data: { next: 20 } }, { kind: 'step', key: 'b', dueAt: at(10) }, { kind: 'step', key: 'dropped', dueAt: at(11) },
    ]));
    await transact(source, (tx) => tx.unschedule('step', 'dropped'));
    clock().advance(25 * hour);
    await app.strategy.settle();
    expect((await effects(source)).map(({ key, n }) => [key, n])).toEqual([['a', 1], ['b', 10], ['a+', 20]]);
    clock().advance(25 * hour);
    await app.strategy.settle();
    expect((await effects(source)).map(({ key }) => key)).toEqual(['a', 'b', 'a+', 'c']);
  });

  it('of a hot kind and one moment come together, in due order with the others; a failing one is found and parks alone', async () => {
    const seen: string[][] = [];
    @Controller()
    class Hot {
      @OnDeadlines('hot')
      async many(dues: DueOfMany[], tx: Tx): Promise<void> {
        if (dues.some(({ key }) => key === 'bad')) throw new Error('cannot');
        seen.push(dues.map(({ key }) => `${key}@${(tx.now - start) / hour}`));
      }
      @OnDeadline('cold')
      async one({ key }: Due, tx: Tx): Promise<void> {
        seen.push([`${key}@${(tx.now - start) / hour}`]);
      }
    }
    await begin([Hot], { deadlineAttempts: 1 });
    const set = (kind: string, key: string, hours: number) => ({ kind, key, dueAt: at(hours) });
    await transact(source, (tx) => tx.schedule([set('hot', 'a', 1), set('hot', 'b', 1), set('cold', 'c', 2), set('hot', 'd', 3), set('hot', 'e', 3), set('hot', 'f', 4)]));
    clock().advance(5 * hour);
    await app.strategy.settle();
    expect(seen).toEqual([['a@1', 'b@1'], ['c@2'], ['d@3', 'e@3'], ['f@4']]);
    await transact(source, (tx) => tx.schedule([set('hot', 'bad', 5), set('hot', 'good', 5)]));
    await until('the good one fires', () => seen.flat().includes('good@5'));
    expect(await listParked(source)).toMatchObject([{ key: 'bad' }]);
  });

  it('errands of a hot kind go out and are recorded together; one that fails holds up nobody, one asked for anew is not recorded', async () => {
    const calls: string[][] = [];
    @Controller()
    class Hot {
      @OnErrands('bank')
      async many(dues: DueOfMany[]): Promise<(tx: Tx, taken: readonly DueOfMany[]) => Promise<void>> {
        calls.push(dues.map(({ key }) => key));
        if (dues.some(({ key }) => key === 'bad')) throw new Error('cannot');
        if (dues.some(({ data }) => data === 'first')) await transact(source, (tx) => tx.schedule({ kind: 'bank', key: 'again', dueAt: start, data: 'second' }));
        return async (tx, taken) => { for (const due of taken) await tx.run('insert into effect (by, key, n) values ($1, $2, 1)', [due.id, `${due.key}${String(due.data ?? '')}`]); };
      }
    }
    await begin([Hot], { errandAttempts: 1 });
    await transact(source, (tx) => tx.schedule(['a', 'b', 'bad'].map((key) => ({ kind: 'bank', key, dueAt: start }))));
    await app.strategy.settle();
    expect(calls).toEqual([['a', 'b', 'bad'], ['a'], ['b'], ['bad']]);
    expect(await listParked(source)).toMatchObject([{ key: 'bad' }]);
    await transact(source, (tx) => tx.schedule([{ kind: 'bank', key: 'again', dueAt: start, data: 'first' }, { kind: 'bank', key: 'c', dueAt: start }]));
    await app.strategy.settle();
    expect((await effects(source)).map(({ by, key }) => [by, key])).toEqual([['bank/a', 'a'], ['bank/b', 'b'], ['bank/c', 'c'], ['bank/again', 'againsecond']]);
  });

  it('a failing one is tried again, parks visibly, holds nobody back and can be redriven', async () => {
    let broken = true;
    @Controller()
    class Fragile {
      @OnDeadline('step')
      async step(due: Due, tx: Tx): Promise<void> {
        await note(tx, 'step', due);
        if (due.key === 'bad' && broken) throw new Error('cannot');
      }
    }
    await begin([Fragile], { deadlineAttempts: 3 });
    await transact(source, (tx) => tx.schedule(['bad', 'good'].map((key, i) => ({ kind: 'step', key, dueAt: at(i + 1) }))));
    clock().advance(5 * hour);
    await until('parking', async () => (await listParked(source)).length === 1);
    expect((await effects(source)).map(({ key }) => key)).toEqual(['good']);
    expect(await listParked(source)).toMatchObject([{ group: 'deadlines', key: 'bad', type: 'step', attempts: 3, error: 'Error: cannot' }]);
    broken = false;
    await redrive(source, { group: 'deadlines', key: 'bad' });
    await until('the redriven one', async () => (await effects(source)).length === 2);
    expect((await effects(source))[1]).toMatchObject({ key: 'bad', n: 1 });
  });

  it('conflicts with others count as no try of it, however many: it fires when they are over', async () => {
    let conflicts = 0;
    @Controller()
    class Contended {
      @OnDeadline('step')
      async step(due: Due, tx: Tx): Promise<void> {
        await note(tx, 'step', due);
        if (conflicts++ < 8) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      }
    }
    await begin([Contended], { deadlineAttempts: 1 });
    await transact(source, (tx) => tx.schedule({ kind: 'step', key: 'a', dueAt: at(1) }));
    clock().advance(2 * hour);
    await until('it fired', async () => (await effects(source)).length === 1);
    expect(await listParked(source)).toEqual([]);
    expect(conflicts).toBe(9);
  });

  it('what they publish goes on telling the story that set them', async () => {
    const Late = contract('orders', 'Late');
    @Controller()
    class Telling {
      @OnDeadline('step')
      async step(due: Due, tx: Tx): Promise<void> {
        await tx.publish(Late.of({ orderId: due.key, n: 1 }));
      }
    }
    await begin([Telling]);
    await transact(source, (tx) => tx.schedule({ kind: 'step', key: 'k', dueAt: at(1) }), { cause: { correlationid: 'the-story' } });
    clock().advance(2 * hour);
    await app.strategy.settle();
    expect(await source.data.query('select causationid, correlationid, time from facts')).toEqual([{ causationid: 'step/k', correlationid: 'the-story', time: new Date(at(1)) }]);
  });

  it('an errand is called outside a transaction, retried, and its outcome recorded once', async () => {
    let calls = 0;
    @Controller()
    class Bank {
      @OnErrand('bank/pay')
      async pay(due: Due<{ amount: string }>): Promise<(tx: Tx) => Promise<void>> {
        if (++calls < 3) throw new Error('the bank is away');
        return async (tx) => void (await note(tx, `paid ${due.data.amount}`, due));
      }
    }
    await begin([Bank]);
    await transact(source, (tx) => tx.schedule({ kind: 'bank/pay', key: 'p1', dueAt: tx.now, data: { amount: '5' } }));
    await app.strategy.settle();
    expect(calls).toBe(3);
    expect((await effects(source)).map(({ by, key }) => [by, key])).toEqual([['paid 5', 'p1']]);
  });

  it('an errand asked for anew while under way runs again with the new data', async () => {
    let open: () => void = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    let calls = 0;
    @Controller()
    class Bank {
      @OnErrand('bank/pay')
      async pay(due: Due<number>): Promise<(tx: Tx) => Promise<void>> {
        if (++calls === 1) await gate;
        return async (tx) => void (await note(tx, `paid ${due.data}`, due));
      }
    }
    await begin([Bank]);
    await transact(source, (tx) => tx.schedule({ kind: 'bank/pay', key: 'p', dueAt: tx.now, data: 1 }));
    await until('the first call', () => calls === 1);
    await transact(source, (tx) => tx.schedule({ kind: 'bank/pay', key: 'p', dueAt: tx.now, data: 2 }));
    open();
    await source.pool.query(`update deadlines set leased_until = null`);
    await app.strategy.settle();
    expect((await effects(source)).map(({ by }) => by)).toEqual(['paid 2']);
  });

  it('an errand asked for anew while under way does not wait for the old one, which failed', async () => {
    const gate = new Promise<void>((resolve) => (open = resolve));
    let open: () => void = () => {};
    let calls = 0;
    @Controller()
    class Bank {
      @OnErrand('bank/pay')
      async pay(due: Due<number>): Promise<(tx: Tx) => Promise<void>> {
        if (++calls === 1) await gate.then(() => Promise.reject(new Error('the bank is away')));
        return async (tx) => void (await note(tx, `paid ${due.data}`, due));
      }
    }
    await begin([Bank], { errandLeaseMs: 3_600_000, errandAttempts: 1 });
    await transact(source, (tx) => tx.schedule({ kind: 'bank/pay', key: 'p', dueAt: tx.now, data: 1 }));
    await until('the first call', () => calls === 1);
    await transact(source, (tx) => tx.schedule({ kind: 'bank/pay', key: 'p', dueAt: tx.now, data: 2 }));
    open();
    await until('the second outcome', async () => (await effects(source)).length === 1);
    expect((await effects(source)).map(({ by }) => by)).toEqual(['paid 2']);
    expect(await listParked(source)).toEqual([]);
  });

  it('an errand dropped and asked for again while under way is another errand', async () => {
    const gate = new Promise<void>((resolve) => (open = resolve));
    let open: () => void = () => {};
    const calls: number[] = [];
    @Controller()
    class Bank {
      @OnErrand('bank/pay')
      async pay(due: Due<number>): Promise<(tx: Tx) => Promise<void>> {
        if (calls.push(due.data) === 1) await gate;
        return async (tx) => void (await note(tx, `paid ${due.data}`, due));
      }
    }
    await begin([Bank]);
    await transact(source, (tx) => tx.schedule({ kind: 'bank/pay', key: 'p', dueAt: tx.now, data: 1 }));
    await until('the first call', () => calls.length === 1);
    await transact(source, (tx) => tx.unschedule('bank/pay', 'p'));
    await transact(source, (tx) => tx.schedule({ kind: 'bank/pay', key: 'p', dueAt: tx.now, data: 2 }), { as: { role: 'http', parties: [] } });
    open();
    await app.strategy.settle();
    expect((await effects(source)).map(({ by }) => by)).toEqual(['paid 2']);
    expect(calls).toContain(2);
  });
});
