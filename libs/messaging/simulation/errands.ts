import type { Instant } from '@peyvand/kernel';
import { Poison } from '../src/errors.js';
import type { ErrandHandler } from '../src/due/row.js';
import type { Due, DueOfMany, Tx } from '../src/tx.js';
import type { Database } from './database.js';
import { sleep } from '../src/sleep.js';
import { move } from './limits.js';
import { writeEffect } from './statements.js';
import type { World } from './world.js';

type Asked = { readonly n: number };
type Call = { readonly errand: string; readonly key: string; readonly n: number; readonly at: number; readonly early: number };

/** The single kind and the hot one; each has one errand of a key at a time, so that what is asked for meets what is under way. */
export const [single, hot] = ['call', 'lot'] as const;

/** What facts may do with errands: ask for one (anew, when it is asked for already), no longer want any, or do one after the other. */
export const asksFor: Readonly<Record<string, string>> = { asks: single, 'asks-hot': hot, renews: single, 'renews-hot': hot };
const dropsOf = (kind: string): readonly string[] => (kind === 'drops' ? [single, hot] : kind.startsWith('renews') ? [asksFor[kind] ?? ''] : []);

/** The outside, which remembers what was done there whatever becomes of who asked. */
export class Bank {
  mended = false;
  readonly done: Call[] = [];

  constructor(private readonly world: World) {}

  /** Does them, at times slowly, at times not, and at times without an answer. */
  async pay(dues: readonly Due[]): Promise<void> {
    const chance = this.mended ? 99 : this.world.draw(12);
    if (chance === 0) throw new Error('the bank is away');
    if (chance === 1) throw new Poison('the bank wants people to look at it');
    await this.world.trip(() => {
      for (const { kind, key, dueAt, data } of dues) this.done.push({ errand: kind, key, n: (data as Asked).n, at: this.world.now, early: dueAt - this.world.now });
    });
    if (chance < 6) await sleep(30 * 4 ** (chance - 2)); // up to 2 s: far beyond the lease
    if (chance === 6) throw new Error('no answer from the bank');
  }
}

export const ask = async (tx: Tx, kind: string, key: string, n: number): Promise<void> => {
  for (const one of dropsOf(kind)) await tx.unschedule(one, key);
  const errand = asksFor[kind];
  if (errand !== undefined) await tx.schedule({ kind: errand, key, dueAt: (tx.now + (n % 4 === 0 ? 150 : 0)) as Instant, data: { n } });
};

export const errandsOf = (bank: Bank): ErrandHandler[] => {
  const record = async (tx: Tx, { kind, key, data }: Due): Promise<void> => {
    const { n } = data as Asked;
    await tx.run(writeEffect, [`recorded ${kind}`, `${kind}/${key}/${n}`, key, n]);
    await move(tx, n);
  };
  return [
    { name: single, kind: single, batch: false, call: async (due) => (await bank.pay([due as Due]), (tx) => record(tx, due as Due)) },
    {
      name: hot, kind: hot, batch: true, call: async (dues) => {
        await bank.pay(dues as readonly DueOfMany[]);
        return async (tx, taken) => {
          for (const due of taken) await record(tx, due);
        };
      },
    },
  ];
};

/**
 * What is asked for last is done and then recorded, once; what was asked for anew or dropped meanwhile is not recorded any more. Told by
 * going through the effects in the order of their commits. `kindOf` tells what the fact with that number was to do.
 */
export const errandBroken = (database: Database, { done }: Bank, kindOf: (n: number) => string): string | undefined => {
  const early = done.find((call) => call.early > 0);
  if (early !== undefined) return `errand ${early.errand} ${early.n} of ${early.key} was done ${early.early} ms early`;
  const effects = [...database.table('effect').values()].flatMap(({ history }) => history).filter(({ fields }) => fields !== undefined).sort((a, b) => a.since - b.since || Number(a.fields?.place) - Number(b.fields?.place));
  const wanted = new Map<string, number>();
  const asked = new Set<string>();
  for (const { fields = {} } of effects) {
    const [key, n, by] = [String(fields.key), Number(fields.n), String(fields.by)];
    if (by === 'heard') {
      for (const one of dropsOf(kindOf(n))) wanted.delete(`${one} of ${key}`);
      const errand = asksFor[kindOf(n)];
      if (errand !== undefined) wanted.set(`${errand} of ${key}`, n), asked.add(`${errand} of ${key} ${n}`);
    }
    if (!by.startsWith('recorded')) continue;
    const place = `${by.slice('recorded '.length)} of ${key}`;
    if (wanted.get(place) !== n) return `errand ${place} ${n} was recorded while ${wanted.has(place) ? `${String(wanted.get(place))} was` : 'none was'} wanted`;
    if (!done.some((call) => `${call.errand} of ${call.key}` === place && call.n === n && call.at <= Number(fields.at))) return `errand ${place} ${n} was recorded and never done`;
    wanted.delete(place);
  }
  for (const [place, n] of wanted) return `errand ${place} ${n} was forgotten`;
  const stray = done.find((call) => !asked.has(`${call.errand} of ${call.key} ${call.n}`));
  return stray === undefined ? undefined : `errand ${stray.errand} ${stray.n} of ${stray.key} was done and never asked for`;
};
