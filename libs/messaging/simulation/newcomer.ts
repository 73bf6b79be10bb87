import type { Fact } from '@peyvand/contracts';
import type { Broker } from '../src/broker/broker.js';
import { Poison } from '../src/errors.js';
import type { Report } from '../src/metrics.js';
import { replay } from '../src/replay.js';
import { startService, type ServiceHandlers } from '../src/service.js';
import type { Settings } from '../src/settings.js';
import type { Source } from '../src/source.js';
import type { Database } from './database.js';
import { writeEffect } from './statements.js';
import { Began, handlersOf, Went, type Outside, type Told } from './story.js';

/** A consumer group that is added when the topic no longer holds everything. */
export const newcomer = 'newcomer';
export const heardByIt: readonly string[] = [Began.type, Went.type];

const own = (outside: Outside): ServiceHandlers => ({
  facts: [{
    name: newcomer, group: newcomer, types: heardByIt, topics: [Began.topic], batch: false,
    call: async (facts, tx) => {
      const { id, key, data: { n, kind } } = facts as Fact<Told>;
      await tx.run(writeEffect, [newcomer, `${newcomer}/${id}`, key, n]);
      if (kind === 'poison' && !outside.mended) throw new Poison('not mended yet');
    },
  }],
  deadlines: [], errands: [],
});

export type Joining = { readonly source: Source; readonly broker: Broker; readonly settings: Settings; readonly report: Report; readonly outside: Outside; /** Wrongly: hears the topic while it replays. */ readonly early: boolean };

/** As it is done: a process without a broker hands the new group what is stored; when that has ended, the group hears the topic. */
export const catchUp = async ({ source, broker, settings, report, outside, early }: Joining): Promise<void> => {
  const all = handlersOf(outside);
  const running = await startService({ source, ...(early ? { broker } : {}) }, { ...all, facts: [...all.facts, ...own(outside).facts] }, settings, report);
  try {
    await replay(source, { types: heardByIt, lot: 5, to: (facts) => running.deliver(facts, newcomer) });
  } finally {
    await running.stop();
  }
};

export const hear = async ({ source, broker, settings, report, outside }: Joining): Promise<void> => void (await startService({ source, broker }, own(outside), settings, report));

/** It hears everything that is stored, once, and each key's in the order it was published in. */
export const newcomerBroken = (database: Database): string | undefined => {
  const effects = database.committed('effect').filter(({ by }) => by === newcomer).sort((a, b) => Number(a.place) - Number(b.place));
  const last = new Map<string, number>();
  for (const effect of effects) {
    const [key, n] = [String(effect.key), Number(effect.n)];
    if (n <= (last.get(key) ?? 0)) return `the newcomer heard fact ${n} of ${key} after fact ${last.get(key)}`;
    last.set(key, n);
  }
  const heard = new Set(effects.map(({ id }) => id));
  const missed = database.committed('facts').find(({ id, type }) => heardByIt.includes(String(type)) && !heard.has(`${newcomer}/${String(id)}`));
  return missed === undefined ? undefined : `the newcomer never heard of ${String(missed.data)}`;
};
