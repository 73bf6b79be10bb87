import type { FaultOfStatement } from './database.js';
import type { FaultOfProduce } from './broker.js';
import { garbles, type Garble } from './strangers.js';
import { drawFrom } from './world.js';

/** What handling a fact leads to. */
export type Kind = 'plain' | 'together' | 'poison' | 'fails' | 'waits' | 'sets' | 'answers' | 'asks' | 'asks-hot' | 'drops' | 'renews' | 'renews-hot' | 'moves' | 'moves-together';

export type Step =
  | { readonly at: number; readonly does: 'publish'; readonly key: string; readonly facts: readonly Kind[] }
  | { readonly at: number; readonly does: 'garble'; readonly key: string; readonly how: Garble }
  | { readonly at: number; readonly does: 'redrive' }
  /** A consumer group is added, by a third process. */
  | { readonly at: number; readonly does: 'join' };

export type Fault =
  | { readonly does: 'statement'; readonly nth: number; readonly how: FaultOfStatement }
  | { readonly does: 'commit'; readonly nth: number; readonly how: FaultOfStatement }
  | { readonly does: 'storm'; readonly nth: number; readonly statements: number }
  | { readonly does: 'produce'; readonly nth: number; readonly how: FaultOfProduce }
  | { readonly does: 'lose-offset'; readonly nth: number }
  | { readonly at: number; readonly does: 'crash'; readonly worker: number }
  | { readonly at: number; readonly does: 'sever'; readonly worker: number }
  | { readonly at: number; readonly does: 'pause'; readonly worker: number; readonly ms: number }
  | { readonly at: number; readonly does: 'rebalance' }
  | { readonly at: number; readonly does: 'broker-away'; readonly ms: number }
  | { readonly at: number; readonly does: 'database-away'; readonly ms: number };

/** Everything that is asked of the platform and everything that goes wrong, with the seed of all that is left to chance. */
export type Schedule = { readonly seed: number; readonly steps: readonly Step[]; readonly faults: readonly Fault[]; /** Whether the service's own transactions take turns. */ readonly turns?: boolean; /** Whether the disk is slow to store a COMMIT. */ readonly slow?: boolean };

/** Milliseconds in which everything begins. */
export const busyMs = 700;

const kinds: readonly Kind[] = ['plain', 'plain', 'together', 'together', 'poison', 'fails', 'waits', 'sets', 'answers', 'asks', 'asks', 'asks-hot', 'asks-hot', 'drops', 'renews', 'renews-hot', 'moves', 'moves', 'moves-together'];

/** A handful of facts of a few keys and a few faults; the same for the same seed. */
export const scheduleOf = (seed: number): Schedule => {
  const draw = drawFrom(Math.imul(seed, 0x9e3779b1));
  const pick = <T>(list: readonly T[]): T => list[draw(list.length)] as T;
  // Few kinds meet each other more often than many.
  const some = draw(2) === 0 ? kinds : [pick(kinds), pick(kinds), pick(kinds)];
  const joins = draw(4) === 0;
  // What comes at once meets, too; a group that is added meets what is published meanwhile.
  const [first, within] = joins ? [150 + draw(busyMs / 2), 120] : draw(3) === 0 ? [draw(busyMs / 2), 40] : [0, busyMs];
  const steps: Step[] = Array.from({ length: (joins ? 4 : 2) + draw(joins ? 8 : 5) }, () => ({
    at: joins && draw(3) === 0 ? draw(first) : first + draw(within), does: 'publish', key: `k${draw(3)}`, facts: Array.from({ length: 1 + draw(3) }, () => pick(some)),
  }));
  if (draw(4) === 0) for (let n = draw(2); n >= 0; n--) steps.push({ at: draw(busyMs), does: 'garble', key: `k${draw(3)}`, how: pick(garbles) });
  if (draw(3) === 0) steps.push({ at: draw(busyMs), does: 'redrive' });
  if (joins) steps.push({ at: first + draw(within / 2), does: 'join' });
  const worker = (): number => draw(joins ? 3 : 2);
  const fault = (): Fault => {
    const at = draw(busyMs);
    switch (draw(11)) {
      case 0: return { does: 'statement', nth: 10 + draw(150), how: pick(['conflict', 'deadlock', 'cut']) };
      case 1: return { does: 'statement', nth: 10 + draw(150), how: 'cut' };
      case 2: return { does: 'commit', nth: 1 + draw(30), how: pick(['commit-lost', 'conflict']) };
      case 3: return { does: 'commit', nth: 1 + draw(30), how: 'commit-unknown' };
      case 4: return { does: 'produce', nth: 1 + draw(8), how: pick(['ack-lost', 'refused', 'half']) };
      case 5: return { does: 'lose-offset', nth: 1 + draw(12) };
      case 6: return { at, does: pick(['crash', 'sever']), worker: worker() };
      case 7: return { at, does: 'pause', worker: worker(), ms: 50 + draw(900) };
      case 8: return { at, does: 'rebalance' };
      case 9: return { does: 'storm', nth: 10 + draw(150), statements: 2 + draw(25) };
      default: return { at, does: pick(['broker-away', 'database-away']), ms: 20 + draw(200) };
    }
  };
  return { seed, turns: draw(3) === 0, slow: draw(joins ? 2 : 4) === 0, steps: steps.sort((a, b) => a.at - b.at), faults: Array.from({ length: draw(5) }, fault) };
};
