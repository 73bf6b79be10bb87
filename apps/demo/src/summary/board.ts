import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';
import { isoOf } from '@peyvand/kernel';
import type { Cast } from '../actors/cast.js';
import { factsOf, nameOf, type StoryFact } from '../api/story.js';
import { DemoClock } from '../advance-clock/demo-clock.js';
import type { FeedFact } from '../api/api.js';
import { heroOrders } from '../hero/hero.js';
import { heroSteps, type Step } from '../hero/hero-steps.js';
import { toneOf, type Tone } from '../live-page/fact-words.js';
import { producers, type Named } from '../world/parties.js';
import { readChoice, type Choice } from './choice.js';
import { counters, type Counter } from './counters.js';

type Spot = { readonly latitude: number; readonly longitude: number };
/** A fact as the live page shows it: no prices of others, no bids, only that it happened, between whom and where. */
export type Shown = { readonly id: string; readonly name: string; readonly tone: Tone; readonly time: string; readonly seller?: string; readonly buyer?: string; readonly amount?: string; readonly from?: Spot; readonly to?: Spot };
export type Summary = { readonly now: string; readonly counters: readonly Counter[]; readonly hero: { readonly orderId: string; readonly steps: readonly Step[] }; readonly note: Named; readonly choice?: Choice };

const kept = 24;
const spots = new Map<string, Spot>(Object.values(producers).map(({ id, place }) => [id, { latitude: place.latitude, longitude: place.longitude }]));

/** What the live page shows, kept in memory and made anew after a restart. */
@Injectable()
export class Board {
  readonly recent: Shown[] = [];
  private readonly watchers = new Set<(fact: Shown) => void>();
  private readonly seen = new Set<string>();
  private readonly shipTo = new Map<string, Spot>();
  private numbers: readonly Counter[] = [];
  private choice: Choice | undefined;
  private newest: Parameters<typeof readChoice>[1] | undefined;
  private steps: readonly Step[] = heroSteps({ sneakers: [], second: [], leather: [] });

  constructor(private readonly clock: DemoClock) {}

  watch(onFact: (fact: Shown) => void): () => void {
    this.watchers.add(onFact);
    return () => void this.watchers.delete(onFact);
  }

  summary(): Summary {
    return {
      now: isoOf(this.clock.now()), counters: this.numbers, hero: { orderId: heroOrders.sneakers, steps: this.steps },
      note: this.clock.borrowed ? { fa: 'ساعت گام‌به‌گام پیش می‌رود …', en: 'the clock is being stepped …' } : { fa: 'هر روز نیم ثانیه است', en: 'a day takes half a second' },
      ...(this.choice && { choice: this.choice }),
    };
  }

  /** Reads the hero story and the services' totals until the signal. */
  async follow(cast: Cast, signal: AbortSignal): Promise<void> {
    for (let n = 0; !signal.aborted; n += 1) {
      if (this.steps.some(({ at }) => at === undefined)) await this.readHero(cast).catch(() => undefined);
      if (this.newest !== undefined) await this.readNewest(cast, this.newest).catch(() => undefined);
      if (n % 3 === 0) this.numbers = await counters(cast).catch(() => this.numbers);
      await sleep(700, undefined, { signal }).catch(() => undefined);
    }
  }

  /** The newest match that had a rival: without one there is nothing to explain. */
  private async readNewest(cast: Cast, match: Parameters<typeof readChoice>[1]): Promise<void> {
    const choice = await readChoice(cast, match);
    if (this.newest === match) this.newest = undefined;
    if (choice?.runnerUp !== undefined || this.choice === undefined) this.choice = choice;
  }

  private async readHero(cast: Cast): Promise<void> {
    const none: StoryFact[] = [];
    const [sneakers, second, leather] = await Promise.all([heroOrders.sneakers, heroOrders.second, heroOrders.leather].map((id) => factsOf(cast, id).catch(() => none)));
    this.steps = heroSteps({ sneakers: sneakers ?? none, second: second ?? none, leather: leather ?? none });
  }

  /** A fact that one of the demo's firms was told; several are told the same one. */
  take(fact: FeedFact): void {
    if (this.seen.has(fact.id)) return;
    this.seen.add(fact.id);
    if (this.seen.size > 4_000) this.seen.delete(String(this.seen.values().next().value));
    const name = nameOf(fact);
    const service = fact.type.split('.').at(-3) ?? '';
    const { data } = fact;
    const text = (field: string): string | undefined => (typeof data[field] === 'string' ? data[field] : undefined);
    const order = text('orderId');
    const place = spotOf(data['shipTo']);
    if (order !== undefined && place !== undefined) this.keepPlace(order, place);
    if (name === 'MatchMade') this.newest = { orderId: String(data['orderId']), matchId: String(data['matchId']), buyerId: String(data['buyerId']) };
    const seller = text('sellerId') ?? text('producerId');
    const buyer = text('buyerId') ?? text('networkId');
    const [from, to] = [seller === undefined ? undefined : spots.get(seller), place ?? (order === undefined ? undefined : this.shipTo.get(order))];
    const amount = text('amount') ?? text('gross') ?? text('net') ?? text('face');
    // A sealed bid stays sealed on the page as well.
    const open = !['BidPlaced', 'BidChosen', 'LimitSet'].includes(name);
    const shown: Shown = {
      id: fact.id, name, tone: toneOf(service, name), time: fact.time ?? isoOf(this.clock.now()),
      ...(seller && { seller }), ...(buyer && { buyer }), ...(amount && open && { amount }), ...(from && { from }), ...(to && { to }),
    };
    this.recent.unshift(shown);
    this.recent.length = Math.min(this.recent.length, kept);
    for (const tell of this.watchers) tell(shown);
  }

  private keepPlace(order: string, place: Spot): void {
    this.shipTo.set(order, place);
    const oldest = this.shipTo.size > 2_000 ? this.shipTo.keys().next().value : undefined;
    if (oldest !== undefined) this.shipTo.delete(oldest);
  }
}

const spotOf = (place: unknown): Spot | undefined => {
  const { latitude, longitude } = (place ?? {}) as Partial<Spot>;
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
};
