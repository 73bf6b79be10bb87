import { MatchSecured, type DataOf, type DeliveryFailed, type GoodsReceived, type LimitReserved } from '@peyvand/contracts';
import { addDays, addHours, endOfDay } from '@peyvand/kernel';
import type { Hears } from '@peyvand/testing/simulation';
import { namesOf } from '../../src/domain/match-data.js';
import { released } from '../../src/domain/match.js';
import { settings } from '../../src/orders.config.js';
import type { Noted } from './rows.js';
import type { World } from './world.js';

type Names = { readonly shipmentId: string; readonly matchId: string; readonly orderId: string };

/** What orders does when delivery and financing tell of a match: `on-delivery` and `on-financing`, their statements stated again. */
export const hears = (world: World): Hears => ({
  ShipmentDispatched: (data: Names) => {
    const kept = world.matches.get(data.matchId);
    // Goods that leave while their match is being released make it open again, and its order too.
    if (kept !== undefined && !kept.match.dispatched && kept.match.state !== 'done') {
      world.matches.set(data.matchId, { ...kept, match: { ...kept.match, dispatched: true }, open: true });
      world.orders.set(data.orderId, { ...world.order(data.orderId), status: 'open' });
    }
    note(world, { ...namesIn(data), dispatched: true });
    finish(world, data.matchId);
  },
  GoodsReceived: (data: DataOf<typeof GoodsReceived>) => {
    const total = (field: 'accepted' | 'short' | 'rejected'): number => data.lines.reduce((sum, line) => sum + line[field], 0);
    note(world, { ...namesIn(data), received: true, remaining: data.remaining, accepted: total('accepted'), short: total('short'), rejected: total('rejected') });
    finish(world, data.matchId);
  },
  DeliveryFailed: (data: DataOf<typeof DeliveryFailed>) => {
    note(world, { ...namesIn(data), failed: true, remaining: data.remaining });
    const match = world.matches.get(data.matchId)?.match;
    if (data.remaining === 0 && (match?.state === 'accepted' || match?.state === 'secured') && !match.dispatched) world.release(released(match, 'not-dispatched'));
    finish(world, data.matchId);
  },
  ShipmentCancelled: (data: Names) => {
    note(world, { ...namesIn(data), cancelled: true });
    finish(world, data.matchId);
  },
  LimitReserved: ({ matchId, kind }: DataOf<typeof LimitReserved>): 'not-yet' | void => {
    const match = world.matches.get(matchId)?.match;
    if (match === undefined) return 'not-yet';
    if (match.state !== 'accepted') return;
    const by = `${kind}-limit` as const;
    world.keep({ ...match, state: 'secured', securedBy: by, answerBy: endOfDay(addDays(match.promisedBy, settings.dispatchGraceDays)) });
    world.publish([MatchSecured.of({ ...namesOf(match), by })]);
  },
  FinancingDeclined: ({ matchId }: { readonly matchId: string }): 'not-yet' | void => {
    const match = world.matches.get(matchId)?.match;
    if (match === undefined) return 'not-yet';
    if (match.state === 'accepted' && !match.financingDeclined) world.keep({ ...match, financingDeclined: true, answerBy: addHours(world.time.now, settings.wordHours) });
  },
  CaseSettled: (data: Names) => {
    note(world, { ...namesIn(data), settled: true });
    finish(world, data.matchId);
  },
});

/** As `noteShipments`: each fact only adds to the row. */
export const note = (world: World, said: Names & Partial<Noted>): void => {
  world.shipments.set(said.shipmentId, { accepted: 0, short: 0, rejected: 0, ...world.shipments.get(said.shipmentId), ...said });
};

/** As `finishMatches`: nothing is to be shipped any more, nothing is on its way, and what was accepted is settled. */
export const finish = (world: World, matchId: string): void => {
  const kept = world.matches.get(matchId);
  if (kept?.open !== true || !(kept.match.state === 'secured' || (kept.match.state === 'released' && kept.match.dispatched))) return;
  const shipments = [...world.shipments.values()].filter((one) => one.matchId === matchId);
  if (shipments.some((one) => one.cancelled !== true && one.failed !== true && !(one.received === true && (one.accepted === 0 || one.settled === true)))) return;
  if (!shipments.some(({ remaining, cancelled }) => remaining === 0 || cancelled === true)) return;
  world.matches.set(matchId, { ...kept, match: kept.match.state === 'secured' ? { ...kept.match, state: 'done' } : kept.match, open: false });
  world.time.dues.delete(`orders/match-overdue ${matchId}`);
  world.close(kept.match.orderId);
};

const namesIn = ({ shipmentId, matchId, orderId }: Names): Names => ({ shipmentId, matchId, orderId });
