import { endOfDay } from '@peyvand/kernel';
import { playOf, trialOf, type Holds } from '@peyvand/testing/simulation';
import type { Match } from '../../src/domain/match.js';
import { lastDay, scheduleOf, type Does, type Variant } from './schedule.js';
import { World } from './world.js';

/** Ways to build it wrongly, by name. */
export const variants: Readonly<Record<Variant, Variant>> = {
  'capacity-not-rechecked': 'capacity-not-rechecked', 'lines-not-rechecked': 'lines-not-rechecked', 'fact-heard-twice': 'fact-heard-twice',
  'release-forgets-the-offer': 'release-forgets-the-offer', 'short-kept-as-matched': 'short-kept-as-matched', 'deadlines-ignored': 'deadlines-ignored',
};

/** What holds in orders alone. */
export const holdsOf = (world: World): Holds => {
  const seen = new Map<string, Match['state']>();
  return { always: () => brokenBy(world, seen), atLast: () => leftOver(world) };
};

/** In the end no order is open. */
const leftOver = (world: World): string | undefined => {
  const open = [...world.orders.values()].find(({ status }) => status === 'open');
  return open === undefined ? undefined : `order ${open.orderId} has come to no end`;
};

/** Plays one schedule; what must hold is looked at after everything that happens. */
export const simulate = playOf<Does, Variant, World>((schedule, variant, telling) => new World(schedule, variant, telling), holdsOf, endOfDay(lastDay));

/** From which states a match may come to which: nothing goes backwards. */
const after: Readonly<Record<Match['state'], readonly Match['state'][]>> = {
  proposed: ['issued', 'released'], issued: ['change-proposed', 'accepted', 'secured', 'released'], 'change-proposed': ['accepted', 'secured', 'released'],
  accepted: ['secured', 'released'], secured: ['done', 'released'], done: [], released: [],
};

/** The first invariant that does not hold. */
const brokenBy = (world: World, seen: Map<string, Match['state']>): string | undefined => {
  const held = new Map<string, number>();
  const add = (key: string, units: number) => held.set(key, (held.get(key) ?? 0) + units);
  for (const { match, returned } of world.matches.values()) {
    const before = seen.get(match.matchId) ?? match.state;
    if (before !== match.state && !after[before].includes(match.state)) return `match ${match.matchId} went from ${before} to ${match.state}`;
    seen.set(match.matchId, match.state);
    const units = match.lines.reduce((sum, line) => sum + BigInt(line.amount), 0n);
    if (String(units) !== match.amount) return `the lines of match ${match.matchId} come to ${units}, the match to ${match.amount}`;
    if (returned === true) continue;
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

export const { search, shrink, storyOf, caught } = trialOf(scheduleOf, simulate);
