import { Injectable } from '@nestjs/common';
import { dayOf, instant, isoOf, type Instant } from '@peyvand/kernel';
import type { SharedClock } from '@peyvand/messaging';
import { Running } from '@peyvand/platform';
import { Calm, mostSilentLooks } from './calm.js';

const [dayMs, hourMs] = [86_400_000, 3_600_000];
/** Business seconds per wall second while the clock is held: a wall minute is half a second. */
const heldRate = 0.01;
/** A jump makes at most about so many stops; in a crowded quarter several deadlines share one. Nobody has less than a day for anything. */
const [mostStops, finestStop] = [300, 6 * hourMs];

/** A jump that was not digested says who was not done where patience first ended. */
export type Advanced = { readonly now: string; readonly day: string; readonly stops: number; readonly digested: boolean; readonly waitedFor: readonly string[] };
/** Gives the clock free again; a second call changes nothing. */
export type Release = () => Promise<void>;

/**
 * The demo's hold on the shared business clock. Whoever needs time to stand takes a hold of its own; the clock runs while there is none.
 * A held clock moves only by steps, from deadline to deadline, and only when everybody is done with what is at hand.
 */
@Injectable()
export class DemoClock {
  private readonly holds = new Set<symbol>();
  private rate: number | undefined;
  private turning: Promise<unknown> = Promise.resolve();
  private stepping: Promise<unknown> = Promise.resolve();
  private guests = 0;

  constructor(private readonly running: Running, private readonly calm: Calm) {}

  now(): Instant {
    return this.running.clock.now();
  }

  today(): string {
    return dayOf(this.now());
  }

  /** A jump or a scenario is on: nobody begins anything new of their own accord. */
  get borrowed(): boolean {
    return this.guests > 0;
  }

  get held(): boolean {
    return this.holds.size > 0;
  }

  /** Stands from when this resolves until every hold is given back. */
  async hold(): Promise<Release> {
    const mine = Symbol('hold');
    const release: Release = async () => {
      if (this.holds.delete(mine)) await this.turn();
    };
    this.holds.add(mine);
    await this.turn().catch(async (error: unknown) => {
      await release().catch(() => undefined);
      throw error;
    });
    return release;
  }

  /** The same with hours of the Tehran day ahead, for what must happen on one day. */
  async holdDay(): Promise<Release> {
    const release = await this.hold();
    const left = dayMs - ((this.now() + 3.5 * hourMs) % dayMs);
    if (left < 2 * hourMs) await this.shared().advanceTo(instant(this.now() + left + 5 * hourMs));
    return release;
  }

  /** Holds the clock for the work, which alone moves it on. */
  async borrow<T>(work: () => Promise<T>): Promise<T> {
    this.guests += 1;
    const release = await this.hold().catch((error: unknown) => {
      this.guests -= 1;
      throw error;
    });
    try {
      return await work();
    } finally {
      this.guests -= 1;
      await release();
    }
  }

  /** Steps through each next deadline of all services, in order, up to so many days ahead; one jump at a time. */
  advance(days: number): Promise<Advanced> {
    return this.borrow(() => this.inLine(async () => {
      const target = instant(this.now() + days * dayMs);
      const stop = Math.max(finestStop, (target - this.now()) / mostStops);
      const patience = { looks: mostSilentLooks };
      let waitedFor: readonly string[] = [];
      const settle = async (): Promise<boolean> => {
        const calm = await this.calm.settle(patience);
        if (!calm && waitedFor.length === 0) waitedFor = this.calm.busy();
        return calm;
      };
      let [stops, digested] = [0, await settle()];
      for (; this.now() < target; stops += 1) {
        await this.step(stop, target);
        digested = (await settle()) && digested;
      }
      return { now: isoOf(this.now()), day: this.today(), stops, digested, waitedFor };
    }));
  }

  /** One step of whoever borrowed the clock: to the next deadline, at most so far ahead (business ms). To be taken only when all is calm. */
  stepOn(mostMs: number): Promise<void> {
    return this.inLine(() => this.step(finestStop, instant(Math.ceil(this.now() + mostMs))));
  }

  /** Turns the rate to what is wanted. An earlier process may have ended with the clock held. */
  turn(): Promise<void> {
    // One change at a time, each for what is wanted when its turn has come: a late one can never bring an old rate back.
    const turned = this.turning.then(async () => {
      const wanted = this.held ? heldRate : this.running.config.clock.rate;
      if (wanted === this.rate) return;
      await this.shared().setRate(wanted);
      this.rate = wanted;
    });
    this.turning = turned.catch(() => undefined);
    return turned;
  }

  private async step(stop: number, target: Instant): Promise<void> {
    await this.calm.season(this.today());
    const next = await this.calm.nextDue(this.now());
    await this.shared().advanceTo(instant(next === undefined ? target : Math.min(target, Math.max(next, Math.ceil(this.now() + stop)))));
  }

  private inLine<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.stepping.then(work);
    this.stepping = turn.catch(() => undefined);
    return turn;
  }

  private shared(): SharedClock {
    return this.running.clock as SharedClock;
  }
}
