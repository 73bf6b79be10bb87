import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common';
import { makeLog, Running } from '@peyvand/platform';
import { buyingDuties, type BuyingSeats } from '../actors/buying-duties.js';
import { carryingDuties } from '../actors/carrying-duties.js';
import { castOf, type Cast } from '../actors/cast.js';
import { readDemand } from '../actors/demand.js';
import { fundingDuties } from '../actors/funding-duties.js';
import { orderInRhythm } from '../actors/order-rhythm.js';
import { Scripts } from '../actors/scripts.js';
import { sellingDuties } from '../actors/selling-duties.js';
import { Urgency } from '../actors/urgency.js';
import { renewals } from '../actors/renewals.js';
import type { Duty } from '../actors/duty.js';
import { slotsOf } from '../actors/slots.js';
import { actor, type Actor, type Log } from '../actors/work.js';
import type { Caller, FeedFact } from '../api/api.js';
import { Calm } from '../advance-clock/calm.js';
import { DemoClock, type Release } from '../advance-clock/demo-clock.js';
import { DemoSettings } from '../demo.config.js';
import { playHero } from '../hero/hero.js';
import { plusDays, seedWorld } from '../seed-world/seed-world.js';
import { Board } from '../summary/board.js';
import { pricing, standing } from '../world/habits.js';
import { funderKeys, funders, networkKeys, networks, producerKeys, producers } from '../world/parties.js';
import { cities, ordersFile } from '../world/files.js';

/** A person who has been at it this long (wall) is behind. */
const behindMs = 200;
/** Offers are looked through again after so many business days: none ends in between. */
const seasonDays = 30;

/** The demo as a whole: makes its world, plays the hero story and keeps everybody at work until the process ends. */
@Injectable()
export class Play implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly scripts = new Scripts();
  readonly cast: Cast;
  /** Resolves when the demo's firms stand and the hero story has been told. */
  readonly opened: Promise<void>;
  private isOpen: () => void = () => {};
  private readonly end = new AbortController();
  private readonly slots = slotsOf(8);
  private actors: Actor[] = [];
  private renewedOn = '';
  private renewed: Promise<void> = Promise.resolve();
  private readonly urgency: Urgency;
  private readonly log: Log;

  constructor(private readonly settings: DemoSettings, private readonly clock: DemoClock, private readonly calm: Calm, private readonly board: Board, private readonly running: Running) {
    this.cast = castOf(settings.apiUrl);
    this.urgency = new Urgency(clock, new Set([...Object.values(networks).map(({ id }) => id), producers.gamak.id]));
    this.opened = new Promise((resolve) => (this.isOpen = resolve));
    const log = makeLog(running.config.logLevel, { service: 'demo' });
    // What fails while the process closes is no news.
    this.log = (level, message, about = {}) => void (running.ready && log[level](about, message));
  }

  onApplicationBootstrap(): void {
    if (!this.running.config.demo) return;
    void this.begin().catch((error: unknown) => {
      if (!this.end.signal.aborted) this.log('warn', 'demo: the play stopped', { error: (error as Error).stack });
    });
  }

  beforeApplicationShutdown(): void {
    this.end.abort();
  }

  private async begin(): Promise<void> {
    const { signal } = this.end;
    await this.untilOpen(signal);
    // The process closes: let go of the feeds at once, or closing waits for them.
    const watch = setInterval(() => this.running.ready || this.end.abort(), 100).unref();
    signal.addEventListener('abort', () => clearInterval(watch), { once: true });
    await this.clock.turn();
    void this.board.follow(this.cast, signal);
    if (!this.settings.world) return;
    // The world is made on one morning.
    const release = await this.clock.hold();
    await seedWorld({ cast: this.cast, cities: cities(), today: this.clock.today(), log: this.log }).finally(release);
    this.renewedOn = this.clock.today();
    this.actors = this.everybody();
    this.calm.people = {
      idle: () => this.actors.every((one) => one.idle()),
      catchUp: async () => void (await Promise.all(this.actors.map((one) => this.slots(() => one.catchUp())))),
      done: () => this.actors.reduce((sum, one) => sum + one.done(), 0),
      atHand: () => this.actors.flatMap((one) => one.atHand()),
      season: (day) => this.renew(day),
    };
    for (const one of this.actors) void one.run(signal);
    void this.pace(signal);
    const hero = playHero({ cast: this.cast, scripts: this.scripts, clock: this.clock, log: this.log }, signal)
      .catch((error: unknown) => (signal.aborted ? undefined : this.log('warn', 'demo: the hero story broke off', { error: (error as Error).message })))
      .finally(() => this.isOpen());
    await Promise.race([hero, sleep(12_000, undefined, { signal })]);
    await orderInRhythm({
      cast: this.cast, cities: cities(), shapes: await readDemand(ordersFile), everyMs: this.settings.orderEveryMs, today: async () => this.clock.today(), held: () => this.clock.borrowed, log: this.log,
    }, signal);
  }

  private async untilOpen(signal: AbortSignal): Promise<void> {
    for (;;) {
      const open = await fetch(`${this.settings.apiUrl}/api/auth/users`, { signal }).then((answer) => answer.ok, () => false);
      if (open && this.running.ready) return;
      await sleep(100, undefined, { signal });
    }
  }

  private hear(fact: FeedFact): void {
    this.board.take(fact);
    this.urgency.heard(fact);
  }

  private everybody(): Actor[] {
    const { slots } = this;
    const seats = (key: string, party: string): BuyingSeats => ({ party, buyer: this.cast(`${key}.buyer`), approver: this.cast(`${key}.approver`), storekeeper: this.cast(`${key}.storekeeper`), signatory: this.cast(`${key}.signatory`) });
    const desk = (user: string) => this.cast(user);
    const part = (name: string, ears: Caller, duties: Duty[]): Actor => actor({ name, ears, duties, slots, log: this.log, overhear: (fact) => this.hear(fact) });
    return [
      ...networkKeys.map((key) => part(key, desk(`${key}.buyer`), buyingDuties({ ...seats(key, networks[key].id), policy: key === standing.network }, this.scripts))),
      ...producerKeys.map((key) => {
        const manager = desk(`${key}.producer`);
        const own: BuyingSeats = { party: producers[key].id, buyer: manager, approver: desk(`${key}.approver`), storekeeper: manager, signatory: manager };
        const selling = sellingDuties({ party: producers[key].id, code: key.slice(0, 3).toUpperCase(), manager, urgency: this.urgency, clock: this.clock, standing: key === standing.producer }, this.scripts);
        // Only the shoemaker buys inputs in the demo; the others' buying desks would look at empty lists all day.
        return part(key, manager, key === 'gamak' ? [...selling, ...buyingDuties(own, this.scripts)] : selling);
      }),
      ...funderKeys.map((key) => part(key, desk(`${key}.funder`), fundingDuties({ party: funders[key].id, desk: desk(`${key}.funder`), ...pricing[key], standing: key === standing.funder }, this.scripts))),
      part('carrier', desk('rah-abrisham.carrier'), carryingDuties(desk('rah-abrisham.carrier'))),
    ];
  }

  /** Half a second is a day, and some answers are due within one: the clock waits for people whom a busy machine has put behind. */
  private async pace(signal: AbortSignal): Promise<void> {
    let held: Release | undefined;
    while (!signal.aborted) {
      const behind = this.urgency.late() || this.actors.some((one) => one.busyMs() > behindMs);
      try {
        if (behind) held ??= await this.clock.hold();
        else if (held !== undefined) await held().then(() => (held = undefined));
        // Where a change of the rate failed, it is made now.
        else await this.clock.turn();
        void this.renew(this.clock.today());
      } catch (error) {
        this.log('warn', 'demo: the clock did not follow', { error: (error as Error).message });
      }
      await sleep(40, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Offers run out as business years pass in minutes: each season producers put fresh capacity on offer. */
  private renew(today: string): Promise<void> {
    if (today >= plusDays(this.renewedOn, seasonDays)) [this.renewedOn, this.renewed] = [today, renewals(this.cast, today, this.log)];
    return this.renewed;
  }
}
