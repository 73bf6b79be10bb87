import type { NewFact } from '@peyvand/contracts';
import type { SimulatedTime } from './simulated-time.js';

/** What a service does when it hears a fact, by the fact's name. `not-yet`: a fact that it builds on is still to come. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- every fact's data is its own; contracts checked it when it was made
export type Hears = Readonly<Record<string, (data: any) => 'not-yet' | void>>;

/** What a world is given when it plays beside others: their clock, and a way to tell its facts. */
export type Beside = { readonly time: SimulatedTime; readonly publish: (facts: readonly NewFact[]) => void };

/** For a world that plays alone: what it tells, nobody hears. */
export const alone = (time: SimulatedTime): Beside => ({ time, publish: () => {} });

/** The broker of simulated facts: each service hears a topic at its own pace, in order per key, and in any order between topics. */
export const topicsOf = (time: SimulatedTime, services: Readonly<Record<string, Hears>>) => (facts: readonly NewFact[]): void => {
  for (const { contract, data } of facts) {
    const key = String((data as Record<string, unknown>)[contract.key]);
    for (const [service, hears] of Object.entries(services)) {
      const hear = hears[contract.name];
      if (hear !== undefined) time.send(`${service} hears ${contract.service} of ${key}`, `${service} hears ${contract.name}`, () => hear(data));
    }
  }
};
