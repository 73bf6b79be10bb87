import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';
import { dayOf, instant, isoOf, type Instant } from '@peyvand/kernel';
import type { Idleness, SharedClock } from '@peyvand/messaging';
import { Running } from '@peyvand/platform';
import { DemoSettings } from '../demo.config.js';

const [dayMs, hourMs] = [86_400_000, 3_600_000];
/** A business minute a second: people finish what must happen on one day. */
const slowRate = 60;
/** A step waits this long (wall) for services and people to digest it; what is still at hand then is left to its deadlines. */
const patienceMs = 4_000;
/** A jump makes at most about so many stops; in a crowded quarter several deadlines share one. */
const mostStops = 300;

export type Advanced = { readonly now: string; readonly day: string; readonly stops: number; readonly digested: boolean };

/** The demo's hold on the shared business clock. */
@Injectable()
export class DemoClock {
  /** Whether people have nothing at hand; set by the play once it runs. */
  peopleIdle: () => boolean = () => true;
  /** While the clock is being stepped nobody begins anything new. */
  stepping = false;
  private line: Promise<unknown> = Promise.resolve();
  private slowed = 0;

  constructor(private readonly running: Running, private readonly settings: DemoSettings) {}

  now(): Instant {
    return this.running.clock.now();
  }

  today(): string {
    return dayOf(this.now());
  }

  /** Stands nearly still until `usual` is called as often. Not begun in the last hour of a Tehran day, so that what follows keeps its day. */
  async slow(): Promise<void> {
    this.slowed += 1;
    const left = dayMs - ((this.now() + 3.5 * hourMs) % dayMs);
    if (left < 2 * hourMs) await this.clock().advanceTo(instant(this.now() + left + 5 * hourMs));
    await this.clock().setRate(slowRate);
  }

  /** The same without regard to the hour: people are behind, and their deadlines are not to pass because a machine is slow. */
  async hold(): Promise<void> {
    this.slowed += 1;
    if (this.slowed === 1) await this.clock().setRate(slowRate);
  }

  async usual(): Promise<void> {
    this.slowed = Math.max(0, this.slowed - 1);
    if (this.slowed === 0) await this.clock().setRate(this.running.config.clock.rate);
  }

  /** Steps through each next deadline of all services, in order, up to so many days ahead; one jump at a time. */
  advance(days: number): Promise<Advanced> {
    const jump = this.line.then(() => this.step(instant(this.now() + days * dayMs)));
    this.line = jump.catch(() => undefined);
    return jump;
  }

  private async step(target: Instant): Promise<Advanced> {
    const smallest = Math.max(1, (target - this.now()) / mostStops);
    let [stops, digested] = [0, true];
    this.stepping = true;
    await this.slow();
    try {
      for (;;) {
        digested = await this.digest();
        const next = nextOf(await this.idleness(), this.now());
        if (next === undefined || next >= target) break;
        await this.clock().advanceTo(instant(Math.min(target, Math.max(next, Math.ceil(this.now() + smallest)))));
        stops += 1;
      }
      await this.clock().advanceTo(target);
      digested = await this.digest();
    } finally {
      this.stepping = false;
      await this.usual();
    }
    return { now: isoOf(this.now()), day: this.today(), stops, digested };
  }

  /** Until every service is quiet and every person has looked and acted; false when patience ended first. */
  private async digest(): Promise<boolean> {
    const until = Date.now() + patienceMs;
    for (let quiet = 0; quiet < 2; ) {
      const all = await this.idleness();
      quiet = all.every(({ unsent, due, lag }) => unsent === 0 && due === 0 && lag === 0) && this.peopleIdle() ? quiet + 1 : 0;
      if (Date.now() > until) return false;
      await sleep(quiet === 1 ? 30 : 15);
    }
    return true;
  }

  private async idleness(): Promise<Idleness[]> {
    const { idleUrls } = this.settings;
    if (idleUrls.length === 0) return Object.values(await this.running.idleness());
    const answers = await Promise.all(idleUrls.map(async (url) => (await fetch(`${url}/idlez`)).json() as Promise<Record<string, Idleness>>));
    return answers.flatMap((answer) => Object.values(answer));
  }

  private clock(): SharedClock {
    return this.running.clock as SharedClock;
  }
}

const nextOf = (all: readonly Idleness[], now: Instant): Instant | undefined => {
  const ahead = all.flatMap(({ nextDue }) => (nextDue === undefined || nextDue <= now ? [] : [nextDue]));
  return ahead.length === 0 ? undefined : instant(Math.min(...ahead));
};
