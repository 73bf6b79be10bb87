import { endOfDay } from '@peyvand/kernel';
import { trialOf, type Outcome } from '@peyvand/testing/simulation';
import type { Match } from '../../src/domain/match.js';
import { lastDay, scheduleOf, type Market, type Variant } from './schedule.js';
import { World } from './world.js';

/** Ways to build it wrongly, by name. */
export const variants: Readonly<Record<Variant, Variant>> = {
  'capacity-not-rechecked': 'capacity-not-rechecked', 'lines-not-rechecked': 'lines-not-rechecked', 'fact-heard-twice': 'fact-heard-twice',
  'release-forgets-the-offer': 'release-forgets-the-offer', 'short-kept-as-matched': 'short-kept-as-matched', 'deadlines-ignored': 'deadlines-ignored',
};

class Broken extends Error {}

/** Plays one schedule; what must hold is looked at after everything that happens. */
export const simulate = (schedule: Market, { variant, telling = false }: { variant?: Variant | undefined; telling?: boolean } = {}): Outcome => {
  const world = new World(schedule, variant, telling);
  const seen = new Map<string, Match['state']>();
  const check = (): void => {
    const fault = brokenBy(world, seen);
    if (fault !== undefined) throw new Broken(fault);
  };
  const fire = (due: string): void => world.fire(due);
  try {
    for (const step of schedule.steps) {
      world.time.passTo(step.at, fire, check);
      world.perform(step);
      check();
    }
    world.time.passTo(endOfDay(lastDay), fire, check);
    const open = [...world.orders.values()].find(({ status }) => status === 'open');
    return { broken: open === undefined ? undefined : `order ${open.orderId} has come to no end`, trace: world.time.trace };
  } catch (error) {
    return { broken: error instanceof Broken ? error.message : String(error), trace: world.time.trace };
  }
};

/** From which states a match may come to which: nothing goes backwards. */
const after: Readonly<Record<Match['state'], readonly Match['state'][]>> = {
  proposed: ['issued', 'released'], issued: ['change-proposed', 'accepted', 'secured', 'released'], 'change-proposed': ['accepted', 'secured', 'released'],
  accepted: ['secured', 'released'], secured: ['done', 'released'], done: [], released: [],
};

/** The first invariant that does not hold. */
const brokenBy = (world: World, seen: Map<string, Match['state']>): string | undefined => {
  const held = new Map<string, number>();
  const add = (key: string, units: number) => held.set(key, (held.get(key) ?? 0) + units);
  for (const { match, open } of world.matches.values()) {
    const before = seen.get(match.matchId) ?? match.state;
    if (before !== match.state && !after[before].includes(match.state)) return `match ${match.matchId} went from ${before} to ${match.state}`;
    seen.set(match.matchId, match.state);
    const units = match.lines.reduce((sum, line) => sum + BigInt(line.amount), 0n);
    if (String(units) !== match.amount) return `the lines of match ${match.matchId} come to ${units}, the match to ${match.amount}`;
    if (match.state === 'released' && !open) continue;
    for (const { lineId, offerId, quantity } of match.lines) [lineId, offerId].forEach((key) => add(key, quantity));
  }
  const returning = world.time.onTheWay.some(({ tell }) => tell.startsWith('leftover'));
  for (const line of world.lines.values()) {
    const { lineId, quantity, matched, waiting, unmatched, cancelled } = line;
    if (Math.min(matched, waiting, unmatched, cancelled) < 0 || quantity !== matched + waiting + unmatched + cancelled) return `line ${lineId}: of ${quantity} ordered ${matched} are matched, ${waiting} wait, ${unmatched} are unmatched, ${cancelled} cancelled`;
    if (!returning && matched !== (held.get(lineId) ?? 0)) return `line ${lineId} counts ${matched} matched, its matches hold ${held.get(lineId) ?? 0}`;
    const coming = world.time.onTheWay.some(({ key }) => key === line.orderId);
    if (waiting > 0 && !world.queue.has(lineId) && !coming) return `line ${lineId} waits and no round will find it`;
    if (world.orders.get(line.orderId)?.status !== 'open' && waiting > 0) return `order ${line.orderId} has ended and its line ${lineId} waits`;
  }
  for (const { id, committed, ceiling } of world.offers.values()) {
    if (committed < 0 || committed > ceiling) return `offer ${id}: ${committed} sold of ${ceiling}`;
    if (!returning && committed !== (held.get(id) ?? 0)) return `offer ${id} counts ${committed} sold, its matches hold ${held.get(id) ?? 0}`;
  }
  for (const [due, at] of world.time.dues) if (at < world.time.now) return `${due} was due before ${new Date(world.time.now).toISOString()}`;
  return undefined;
};

export const { search, shrink, storyOf } = trialOf(scheduleOf, simulate);
