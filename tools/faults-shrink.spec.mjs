import { describe, expect, it } from '@jest/globals';
import { shrink } from '../faults/shrink.mjs';

const faults = ['kill', 'pause', 'cut', 'repeat', 'poison'].map((kind, n) => ({ kind, atMs: n * 100 }));
const kindsOf = (list) => list.map(({ kind }) => kind);

/** A world in which some faults together break something. */
const world = (needed, { names = ['doubled'], flaky = () => false } = {}) => {
  const played = [];
  const play = async (list) => {
    played.push(kindsOf(list));
    const breaks = needed.every((kind) => kindsOf(list).includes(kind)) && !flaky(played.length);
    return { names: breaks ? names : [], story: `story of ${kindsOf(list).join('+')}` };
  };
  return { play, played };
};
const shorten = ({ play }, more = {}) => shrink({ faults, names: ['doubled', 'lost'] }, { play, say: () => {}, ...more });

describe('the shortest story of a break', () => {
  it.each([[['pause']], [['kill', 'repeat']], [['kill', 'pause', 'cut', 'repeat', 'poison']]])('needs %p and nothing else', async (needed) => {
    const found = await shorten(world(needed));
    expect({ kinds: kindsOf(found.faults), story: found.story }).toEqual({ kinds: needed, story: `story of ${needed.join('+')}` });
  });

  it('says so when trade alone breaks it', async () => {
    const alone = world([]);
    expect((await shorten(alone)).faults).toEqual([]);
    expect(alone.played).toEqual([[]]);
  });

  it('gives a break that comes and goes a second chance, and then up', async () => {
    expect(kindsOf((await shorten(world(['cut'], { flaky: (run) => run === 2 }))).faults)).toEqual(['cut']);
    expect(await shorten(world(['cut'], { flaky: () => true }))).toBeUndefined();
  });

  it('does not take another break for this one', async () => {
    expect(await shorten(world([], { names: ['something else'] }))).toBeUndefined();
  });

  it('stops with what it has when time is up', async () => {
    let left = 3;
    const found = await shorten(world(['kill']), { enough: () => left-- <= 0 });
    expect(kindsOf(found.faults)).toEqual(['kill', 'pause', 'cut', 'repeat']);
  });
});
