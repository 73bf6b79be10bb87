import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';
import { instant, type Instant } from '@peyvand/kernel';
import type { Idleness, SharedClock } from '@peyvand/messaging';
import { Running } from '@peyvand/platform';
import { DemoSettings } from '../demo.config.js';

/** The demo's people, as far as the clock must know them. */
export type People = {
  /** Nobody has anything at hand, is reading a list or will come back to something by itself. */
  idle(): boolean;
  /** Everybody hears what was told and is still on its way. */
  catchUp(): Promise<void>;
  /** Pieces of work done so far. */
  done(): number;
  /** What must be done before the clock goes on from this day. */
  season(day: string): Promise<void>;
  /** What is at hand, in words. */
  atHand(): readonly string[];
};

/** How many looks without anything told or done are still waited for. */
export type Patience = { looks: number };
/** Looks, not seconds: a slow machine looks slowly, and one that was stopped has not looked. Half a minute when it is quick. */
export const mostSilentLooks = 700;

type Sight = { readonly quiet: boolean; readonly told: string; readonly busy: readonly string[]; readonly dues: readonly Instant[]; readonly known: boolean };

/**
 * Knows when everybody is done: every service has heard of the last jump and has nothing unsent, unheard or due, every person has heard all that was told, and nobody has
 * anything at hand; twice in a row. Only then may a held clock go on, so that no deadline passes because a machine is slow.
 */
@Injectable()
export class Calm {
  people: People = { idle: () => true, catchUp: async () => {}, done: () => 0, season: async () => {}, atHand: () => [] };
  private heard = '';
  private last: Sight = { quiet: false, told: '', busy: [], dues: [], known: false };

  constructor(private readonly running: Running, private readonly settings: DemoSettings) {}

  /** Resolves with true when all is calm, with false when patience is at its end. */
  async settle(patience: Patience = { looks: mostSilentLooks }): Promise<boolean> {
    const look = this.watch(patience);
    for (;;) {
      const seen = await look();
      if (seen !== 'busy') return seen === 'calm';
    }
  }

  /** A series of looks, each after a short while. `tired`: nothing was told or done for as long as patience lasts. */
  watch(patience: Patience): () => Promise<'calm' | 'busy' | 'tired'> {
    let [calm, before] = [0, ''];
    return async () => {
      await sleep(calm === 0 ? 20 : 30);
      const { quiet, told } = await this.see();
      const state = `${told}/${this.people.done()}`;
      if (state === before) patience.looks -= 1;
      before = state;
      if (!quiet || !(await this.hasHeard(told)) || !this.people.idle()) calm = 0;
      else if ((calm += 1) === 2) return 'calm';
      return patience.looks > 0 ? 'busy' : 'tired';
    };
  }

  /** The next deadline of any service after now; now, when one cannot tell. */
  async nextDue(now: Instant): Promise<Instant | undefined> {
    const { dues, known } = await this.see();
    if (!known) return now;
    const ahead = dues.filter((due) => due > now);
    return ahead.length === 0 ? undefined : instant(Math.min(...ahead));
  }

  season(day: string): Promise<void> {
    return this.people.season(day);
  }

  /** Who was not done at the last look. */
  busy(): readonly string[] {
    return [...this.last.busy, ...this.people.atHand()];
  }

  /** True when nothing was told since everybody caught up; else they catch up now. */
  private async hasHeard(told: string): Promise<boolean> {
    if (told === this.heard) return true;
    await this.people.catchUp().then(() => (this.heard = told), () => undefined);
    return false;
  }

  private async see(): Promise<Sight> {
    const since = this.lastJump();
    // A service that cannot answer is not done.
    this.last = await this.idleness().then((all) => sightOf(all, since), (error: unknown) => ({ quiet: false, told: this.last.told, busy: [String(error)], dues: [], known: false }));
    return this.last;
  }

  /** Business time of the clock's last change; a clock that is nobody else's is behind nowhere. */
  private lastJump(): number {
    return (this.running.clock as Partial<SharedClock>).settings?.epoch ?? -Infinity;
  }

  private async idleness(): Promise<[service: string, Idleness][]> {
    const { idleUrls } = this.settings;
    if (idleUrls.length === 0) return Object.entries(await this.running.idleness());
    const answers = await Promise.all(idleUrls.map(async (url) => (await fetch(`${url}/idlez`, { signal: AbortSignal.timeout(10_000) })).json() as Promise<Record<string, Idleness>>));
    return answers.flatMap((answer) => Object.entries(answer));
  }
}

const sightOf = (all: readonly [string, Idleness][], since: number): Sight => {
  const busy = all.flatMap(([service, { now, unsent, due, lag }]) => {
    if (now < since) return [`${service}: its clock is behind`];
    return unsent + due + lag === 0 ? [] : [`${service}: ${unsent} unsent, ${due} due, ${lag} unheard`];
  });
  return { quiet: busy.length === 0, told: all.map(([, { lastSeq }]) => lastSeq).join(), busy, dues: all.flatMap(([, { nextDue }]) => (nextDue === undefined ? [] : [nextDue])), known: true };
};
