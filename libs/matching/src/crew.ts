import { Worker } from 'node:worker_threads';

import { emptyAllocation, partSolver, partsOf, type BareAllocation, type BareMarket, type BareParts } from './bare-market.js';

/** What helpers are handed, all of it on shared memory: each part is taken by one of them, or by the caller, as `state` says. */
export type Errand = { readonly market: BareMarket; readonly parts: BareParts; readonly result: BareAllocation; readonly state: Int32Array };

const [open, taken, solved] = [0, 1, 2];

export type Crew = { allocate(market: BareMarket, patience?: number): BareAllocation; dismiss(): Promise<void> };

/**
 * Threads that allocate together with the caller's own. Which thread solves a part does not show in the result, so it is the same as
 * `allocateBare` answers. A part that a helper took and did not finish within `patience` milliseconds is solved by the caller.
 */
export const crewOf = (helpers: number): Crew => {
  const workers = Array.from({ length: helpers }, () => {
    const worker = new Worker(new URL('./crew-helper.js', import.meta.url), { execArgv: [] });
    worker.unref();
    return worker;
  });
  return {
    allocate: (given, patience = 60_000) => {
      const market = onSharedMemory(given);
      const parts = onSharedMemory(partsOf(market));
      const result = emptyAllocation(market, sharedRoom);
      const state = new Int32Array(sharedRoom(4 * (parts.lineFrom.length - 1)));
      const errand: Errand = { market, parts, result, state };
      for (const worker of workers) worker.postMessage(errand);
      const solve = workThrough(errand);
      for (let part = 0; part < state.length; part += 1) {
        if (Atomics.load(state, part) === taken && Atomics.wait(state, part, taken, patience) === 'timed-out') solve(part);
      }
      return result;
    },
    dismiss: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
};

/** Takes parts as long as there are any, the largest first; answers the solver, for what others leave. */
export const workThrough = ({ market, parts, result, state }: Errand): ((part: number) => void) => {
  const solve = partSolver(market, parts, result);
  for (let part = 0; part < state.length; part += 1) {
    if (Atomics.compareExchange(state, part, open, taken) !== open) continue;
    solve(part);
    Atomics.store(state, part, solved);
    Atomics.notify(state, part);
  }
  return solve;
};

const sharedRoom = (bytes: number): ArrayBufferLike => new SharedArrayBuffer(bytes);

/** The same arrays, copied only where other threads could not see them. */
const onSharedMemory = <T extends Readonly<Record<string, Int32Array | Float64Array>>>(arrays: T): T =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => {
    if (array.buffer instanceof SharedArrayBuffer) return [name, array];
    const copy = array instanceof Int32Array ? new Int32Array(sharedRoom(array.byteLength)) : new Float64Array(sharedRoom(array.byteLength));
    copy.set(array);
    return [name, copy];
  })) as T;
