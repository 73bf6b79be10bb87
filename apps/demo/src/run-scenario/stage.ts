import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';
import { isoOf, newId, startOfDay, type Day } from '@peyvand/kernel';
import { Problem } from '@peyvand/platform';
import { persistent, type Caller } from '../api/api.js';
import { factsOf, has, nameOf, type StoryFact } from '../api/story.js';
import type { Script } from '../actors/scripts.js';
import { Calm, mostSilentLooks } from '../advance-clock/calm.js';
import { DemoClock } from '../advance-clock/demo-clock.js';
import { Play } from '../play/play.js';
import { plusDays } from '../seed-world/seed-world.js';
import { variantByCode } from '../world/goods.js';
import { centreOf } from '../world/places.js';
import { whoActs } from './who-acts.js';
import type { NetworkKey } from '../world/parties.js';

/** An order of a scenario: who buys what, on which terms, and what its people are to do differently. */
export type Cue = { readonly buyer: NetworkKey; readonly code: string; readonly quantity: number; readonly terms: object; readonly script: Script };

const [dayMs, hourMs] = [86_400_000, 3_600_000];
/** Nothing told and nobody doing anything for so many looks (minutes): a scenario is stuck. */
const patience = 5 * mostSilentLooks;
/** Where no deadline comes before: so many stops a wait, and never under two days, so that who looks at the calendar comes to look. */
const [stopsOfWait, longestStep] = [15, 48 * hourMs];
/** A look at the story is dearer than one at the services. */
const looksPerReading = 8;

/**
 * What scenarios are played with: orders, the clock, and a look at the story. The clock stands for the whole of a scenario and is stepped,
 * deadline by deadline, when everybody is done: what happens depends on facts and business time, never on how fast the machine is.
 */
@Injectable()
export class Stage {
  private line: Promise<unknown> = Promise.resolve();

  constructor(private readonly theatre: Play, readonly clock: DemoClock, private readonly calm: Calm) {}

  /** One scenario at a time: several set the simulated bank's mood. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.line.then(async () => {
      await this.opened();
      return this.clock.borrow(work);
    });
    this.line = turn.catch(() => undefined);
    return turn;
  }

  as(user: string): Caller {
    return persistent(this.theatre.cast(user));
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
    return id;
  }

  story(orderId: string): Promise<StoryFact[]> {
    return factsOf((user) => this.as(user), orderId);
  }

  /** The first of these facts once it is told. Time goes on, at most so many business days, only while everybody has done what there is to do. */
  async told(orderId: string, names: readonly string[], mostDays = 7): Promise<StoryFact> {
    const end = this.clock.now() + mostDays * dayMs;
    const silence = { looks: patience };
    for (let look = this.calm.watch(silence), n = 1; ; n += 1) {
      const seen = await look();
      if (seen !== 'busy' || n % looksPerReading === 0) {
        const found = (await this.story(orderId)).find(has(...names));
        if (found !== undefined) return found;
      }
      if (seen === 'tired' || (seen === 'calm' && this.clock.now() >= end)) return this.stuck(orderId, names);
      if (seen === 'calm') {
        await this.clock.stepOn(Math.max(longestStep, (mostDays * dayMs) / stopsOfWait));
        look = this.calm.watch(silence);
      }
    }
  }

  /** Steps on, everybody done before each step, into this day. */
  async untilDay(day: string): Promise<void> {
    const start = startOfDay(day as Day);
    while (this.clock.now() < start) {
      await this.calm.settle();
      await this.clock.stepOn(Math.min(5 * longestStep, start - this.clock.now()));
    }
  }

  private async stuck(orderId: string, names: readonly string[]): Promise<never> {
    const facts = await this.story(orderId).catch((): StoryFact[] => []);
    const [wanted, last, who] = [names.join(' / '), facts.slice(-5).map((fact) => `${nameOf(fact)} ${fact.time}`).join(', '), whoActs(facts)];
    const details = { orderId, wanted, last, awaited: who.fa, awaitedEn: who.en, now: isoOf(this.clock.now()), atHand: this.calm.busy().join('; ') };
    throw new Problem('scenario-stuck', [503,
      'سناریو از پیش‌رفتن ماند. سفارش {orderId} به {wanted} نرسید؛ نوبت این بود: {awaited}. واپسین رخدادها: {last}. دوباره بخوانید.',
      'The scenario stands still. Order {orderId} has not come to {wanted}; whose turn it was: {awaitedEn}. Its last facts: {last}. Call it again.'], { details });
  }

  private async opened(): Promise<void> {
    const timer = new AbortController();
    await Promise.race([this.theatre.opened, sleep(openMs, undefined, { signal: timer.signal }).then(() => Promise.reject(notOpen()))]);
    timer.abort();
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

/** The demo's firms stand some seconds after a start, and the hero story has been told some more after that. */
const openMs = 240_000;
const notOpen = (): Problem =>
  new Problem('demo-world-not-ready', [409, 'بنگاه‌های نمایشی هنوز ساخته نشده‌اند. اندکی دیگر دوباره بخوانید.', 'The demo’s firms do not stand yet. Call again in a moment.']);

/** Every id a story names, by field; where a field has several values, all of them in order. */
export const idsOf = (facts: readonly StoryFact[]): Record<string, string | string[]> => {
  const found = new Map<string, Set<string>>();
  for (const { data } of facts) {
    for (const [field, value] of Object.entries(data)) if (field.endsWith('Id') && typeof value === 'string') found.set(field, (found.get(field) ?? new Set()).add(value));
  }
  return Object.fromEntries([...found].map(([field, ids]) => [field, ids.size === 1 ? [...ids].join() : [...ids]]));
};

export const namesOf = (facts: readonly StoryFact[]): string[] => facts.map(nameOf);
