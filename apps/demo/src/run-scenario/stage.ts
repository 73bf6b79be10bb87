import { Injectable } from '@nestjs/common';
import { newId } from '@peyvand/kernel';
import { Problem } from '@peyvand/platform';
import type { Caller } from '../api/api.js';
import { factsOf, has, nameOf, type StoryFact } from '../api/story.js';
import type { Script } from '../actors/scripts.js';
import { DemoClock } from '../advance-clock/demo-clock.js';
import { until } from '../hero/hero.js';
import { Play } from '../play/play.js';
import { plusDays } from '../seed-world/seed-world.js';
import { variantByCode } from '../world/goods.js';
import { centreOf } from '../world/places.js';
import { networkKeys, type NetworkKey } from '../world/parties.js';

/** An order of a scenario: who buys what, on which terms, and what its people are to do differently. */
export type Cue = { readonly buyer: NetworkKey; readonly code: string; readonly quantity: number; readonly terms: object; readonly script: Script };

/** What scenarios are played with: orders, the clock, and a look at the story. */
@Injectable()
export class Stage {
  private line: Promise<unknown> = Promise.resolve();

  constructor(private readonly theatre: Play, readonly clock: DemoClock) {}

  /** One scenario at a time: several set the simulated bank's mood. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.line.then(async () => {
      await Promise.race([this.theatre.seeded, late()]);
      return work();
    });
    this.line = turn.catch(() => undefined);
    return turn;
  }

  as(user: string): Caller {
    return this.theatre.cast(user);
  }

  give(orderId: string, script: Script): void {
    this.theatre.scripts.give(orderId, script);
  }

  /** Submits an order with its script and answers its id. */
  async order({ buyer, code, quantity, terms, script }: Cue): Promise<string> {
    const id = newId();
    this.give(id, script);
    await this.as(`${buyer}.buyer`).send('POST', '/api/orders', {
      id, poNumber: `SC-${id.slice(-12).toUpperCase()}`, lines: [{ variantId: variantByCode(code).variant.id, quantity, shipTo: centreOf(buyer), neededBy: plusDays(this.clock.today(), 60), terms }],
    }, `scenario-${id}`);
    if (!networkKeys.includes(buyer)) throw new Error(`No such chain: ${buyer}`);
    return id;
  }

  story(orderId: string): Promise<StoryFact[]> {
    return factsOf(this.theatre.cast, orderId);
  }

  /** The first of these facts once it is told. Throws after `withinMs` of wall time. */
  told(orderId: string, names: readonly string[], withinMs = 60_000): Promise<StoryFact> {
    return until(new AbortController().signal, async () => (await this.story(orderId)).find(has(...names)), withinMs)
      .catch(() => this.stuck(orderId, names));
  }

  /** Steps the clock so many days at a time until one of these facts is told. */
  async until(orderId: string, names: readonly string[], stepDays = 10, mostDays = 240): Promise<StoryFact> {
    for (let days = 0; ; days += stepDays) {
      const found = (await this.story(orderId)).find(has(...names));
      if (found !== undefined) return found;
      if (days > mostDays) return this.stuck(orderId, names);
      await this.clock.advance(stepDays);
    }
  }

  private async stuck(orderId: string, names: readonly string[]): Promise<never> {
    const [wanted, last] = [names.join(' / '), (await this.story(orderId).catch((): StoryFact[] => [])).map(nameOf).at(-1) ?? '–'];
    throw new Problem('scenario-stuck', [503, `داستان سفارش {orderId} به {wanted} نرسید؛ آخرین رخداد {last} بود. دوباره بخوانید.`, `The story of order {orderId} has not come to {wanted}; its last fact is {last}. Call it again.`], { details: { orderId, wanted, last } });
  }

  /** While the clock nearly stands still: what belongs to one day happens on it. */
  async still<T>(work: () => Promise<T>): Promise<T> {
    await this.clock.slow();
    try {
      return await work();
    } finally {
      await this.clock.usual();
    }
  }

  /** The simulated bank behaves like this during the work, and well again after it. */
  async withBank<T>(mood: object, work: () => Promise<T>): Promise<T> {
    const operator = this.as('operator');
    await operator.send('PUT', '/api/financing/demo/bank', { payments: 'ok', collections: {}, delayMs: 0, ...mood }, `bank-${newId()}`);
    try {
      return await work();
    } finally {
      await operator.send('PUT', '/api/financing/demo/bank', { payments: 'ok', collections: {}, delayMs: 0 }, `bank-${newId()}`);
    }
  }
}

/** The demo's firms stand some seconds after a start. */
const late = (): Promise<never> => new Promise((_, reject) => setTimeout(() => reject(
  new Problem('demo-world-not-ready', [409, 'بنگاه‌های نمایشی هنوز ساخته نشده‌اند. اندکی دیگر دوباره بخوانید.', 'The demo’s firms do not stand yet. Call again in a moment.'])), 30_000).unref());

/** Every id a story names, by field; where a field has several values, all of them in order. */
export const idsOf = (facts: readonly StoryFact[]): Record<string, string | string[]> => {
  const found = new Map<string, Set<string>>();
  for (const { data } of facts) {
    for (const [field, value] of Object.entries(data)) if (field.endsWith('Id') && typeof value === 'string') found.set(field, (found.get(field) ?? new Set()).add(value));
  }
  return Object.fromEntries([...found].map(([field, ids]) => [field, ids.size === 1 ? [...ids].join() : [...ids]]));
};

export const namesOf = (facts: readonly StoryFact[]): string[] => facts.map(nameOf);
