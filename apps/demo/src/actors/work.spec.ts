import { describe, expect, it } from '@jest/globals';
import { Refusal, type Caller, type FeedFact } from '../api/api.js';
import { NotYet, type Duty, type Piece } from './duty.js';
import { slotsOf } from './slots.js';
import { actor, type Actor } from './work.js';

type Ears = Pick<Caller, 'feed'>;
const deaf: Ears = { feed: () => ({ follow: async () => {}, catchUp: async () => {} }) };
const until = async (good: () => boolean, withinMs = 4_000): Promise<void> => {
  for (const end = Date.now() + withinMs; !good(); ) {
    if (Date.now() > end) throw new Error('Not in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
const at = async (duties: Duty[], during: (somebody: Actor) => Promise<void>, ears: Ears = deaf): Promise<string[]> => {
  const [end, said] = [new AbortController(), [] as string[]];
  const somebody = actor({ name: 'somebody', ears, duties, slots: slotsOf(2), log: (_level, message) => said.push(message) });
  void somebody.run(end.signal);
  await during(somebody);
  end.abort();
  return said;
};

describe('a person of the demo', () => {
  it('does a piece that goes on being listed once', async () => {
    let done = 0;
    const piece: Piece = { id: 'a', once: true, do: async () => (done += 1) };
    let listed = 0;
    const duty: Duty = { name: 'work', on: [], list: async () => ((listed += 1), [piece, piece]) };
    await at([duty, { name: 'stir', on: [], list: async () => [{ id: String(listed), do: async () => {} }] }], () => until(() => done > 0));
    expect(done).toBe(1);
  });

  it('tries again what was refused, and says so after the third time', async () => {
    let tries = 0;
    const piece: Piece = { id: 'a', do: async () => { if ((tries += 1) < 4) throw new Refusal(409, 'busy', 'Later'); } };
    const said = await at([{ name: 'work', on: [], list: async () => [piece] }], () => until(() => tries >= 4));
    expect(said).toEqual(['somebody: work did not work']);
  });

  it('waits in silence for what has not come yet', async () => {
    let tries = 0;
    const piece: Piece = { id: 'a', do: async () => { if ((tries += 1) < 6) throw new NotYet('the code'); } };
    expect(await at([{ name: 'work', on: [], list: async () => [piece] }], () => until(() => tries >= 6))).toEqual([]);
  });

  it('looks when a fact of its duty is heard, and takes its time where it should', async () => {
    let hear: (fact: FeedFact) => void = () => {};
    const ears: Ears = { feed: (onFact) => { hear = onFact; return deaf.feed(onFact); } };
    let [open, begun, done] = [false, 0, 0];
    const duty: Duty = { name: 'drive', on: ['ShipmentDispatched'], list: async () => (open ? [{ id: 'a', afterMs: 150, once: true, do: async () => { done = Date.now(); } }] : []) };
    await at([duty], async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      open = true;
      begun = Date.now();
      hear({ id: '1', type: 'ir.peyvand.delivery.ShipmentDispatched.v1', data: {} });
      await until(() => done > 0);
    }, ears);
    expect(done - begun).toBeGreaterThanOrEqual(145);
  });

  it('is idle only when no list is being read, nothing is under way and nothing will be tried again', async () => {
    const steps: (() => void)[] = [];
    const step = () => new Promise<void>((resolve) => steps.push(resolve));
    let [tries, left] = [0, true];
    const duty: Duty = {
      name: 'work', on: [],
      list: async () => {
        await step();
        return left ? [{ id: 'a', do: async () => { await step(); if ((tries += 1) < 2) throw new Refusal(409, 'busy', 'Later'); left = false; } }] : [];
      },
    };
    await at([duty], async (somebody) => {
      const idle: boolean[] = [];
      const next = async (): Promise<void> => {
        await until(() => steps.length > 0);
        idle.push(somebody.idle());
        steps.shift()?.();
      };
      for (let n = 0; n < 2; n += 1) await next(); // reads, is refused
      await until(() => tries === 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      idle.push(somebody.idle()); // will come back
      for (let n = 0; n < 2; n += 1) await next(); // reads again, succeeds
      await until(() => !left && somebody.idle());
      expect([idle, somebody.done()]).toEqual([[false, false, false, false, false], 1]);
    });
  });
});
