import { topicOf, type Fact, type FactContract, type Service } from '@peyvand/contracts';
import { instant } from '@peyvand/kernel';
import { NotYet, Poison } from '../src/errors.js';
import type { ServiceHandlers } from '../src/service.js';
import type { Tx } from '../src/tx.js';
import { ask, errandsOf, type Bank } from './errands.js';
import { move, movers } from './limits.js';
import type { Kind } from './schedule.js';
import { writeEffect, findEffect } from './statements.js';

export type Told = { readonly orderId: string; readonly n: number; readonly kind: Kind };

const contract = (service: string, name: string): FactContract<Told> => {
  const made: FactContract<Told> = {
    service: service as Service, name, type: `ir.peyvand.${service}.${name}.v1`, topic: topicOf(service as Service), key: 'orderId', audience: {}, summary: name,
    sample: { orderId: 'k', n: 1, kind: 'plain' },
    schema: { parse: (data: unknown) => data } as unknown as FactContract<Told>['schema'],
    of: (data) => ({ contract: made, data }),
  };
  return made;
};

export const service = 'orders';
/** Began is handled one at a time, Went in batches; Answered is what a handler publishes; Permitted comes from elsewhere. */
export const [Began, Went, Answered, Permitted] = [contract(service, 'Began'), contract(service, 'Went'), contract(service, 'Answered'), contract('permits', 'Permitted')];

/** How the outside stands: people mend what is poisoned; a failing fact fails so many times; the bank does errands. */
export type Outside = { mended: boolean; readonly failed: Map<string, number>; readonly bank: Bank };

/** When a deadline that is set falls due: some before it is set, some long after. */
export const dueOf = (n: number): number => Date.parse('2026-03-21T06:00:00Z') + ((n * 7919) % 1_500);

const write = (tx: Tx, by: string, fact: Fact<Told>): Promise<number> => tx.run(writeEffect, [by, fact.id, fact.key, fact.data.n]);

const act = async (outside: Outside, fact: Fact<Told>, tx: Tx): Promise<void> => {
  const { key, id, data: { n, kind } } = fact;
  await write(tx, 'heard', fact);
  if (kind === 'poison' && !outside.mended) throw new Poison('not mended yet');
  if (kind === 'fails') {
    const times = outside.failed.get(id) ?? 0;
    outside.failed.set(id, times + 1);
    if (times < 1 + (n % 6)) throw new Error('fails for a while');
  }
  if (movers.includes(kind)) await move(tx, n);
  if (kind === 'waits' && (await tx.sql(findEffect, ['permitted', key, n])).length === 0) throw new NotYet('permit', key);
  if (kind === 'sets') await tx.schedule({ kind: 'due', key: `${key}-${n}`, dueAt: instant(dueOf(n)), data: { n } }, fact);
  await ask(tx, kind, key, n);
  if (kind === 'answers') await tx.publish(Answered.of({ orderId: key, n, kind: 'plain' }), fact);
};

/** Handlers whose every effect is a row, in the way the schedule's facts ask for. */
export const handlersOf = (outside: Outside): ServiceHandlers => {
  const fact = (name: string, from: FactContract<Told>, batch: boolean, call: (facts: Fact<Told> | readonly Fact<Told>[], tx: Tx) => Promise<unknown>): ServiceHandlers['facts'][number] => ({
    name, types: [from.type], topics: [from.topic], batch, call: call as ServiceHandlers['facts'][number]['call'],
  });
  return {
    facts: [
      fact('began', Began, false, (one, tx) => act(outside, one as Fact<Told>, tx)),
      fact('went', Went, true, async (all, tx) => {
        for (const one of all as readonly Fact<Told>[]) await act(outside, one, tx);
      }),
      fact('answered', Answered, false, (one, tx) => write(tx, 'answered', one as Fact<Told>)),
      fact('permitted', Permitted, false, (one, tx) => write(tx, 'permitted', one as Fact<Told>)),
    ],
    deadlines: [{
      name: 'due', kind: 'due', batch: false,
      call: async (due, tx) => {
        const { key, dueAt, data } = due as { key: string; dueAt: number; data: { n: number } };
        await tx.run(writeEffect, ['due', `due/${key}/${dueAt}/${tx.now}`, key, data.n]);
        await move(tx, data.n);
      },
    }],
    errands: errandsOf(outside.bank),
  };
};
