import type { Tx } from '@peyvand/messaging';
import { lockOrders } from '../store/order.store.js';
import type { Cause } from '../store/queue.store.js';
import { closeOrders } from './close-orders.js';

// Done: nothing is to be shipped any more, nothing is on its way, and every accepted delivery is settled. How long a rest is waited for is
// delivery's to say, which may still send it: ended here and not there, its goods would come to a match that is over. A match that was released
// while its goods were leaving keeps its state, but its goods are waited for like any other's.
const finish = `
  update matches m set state = case m.state when 'secured' then 'done' else m.state end, open = false, version = m.version + 1
  where m.match_id = any($1::uuid[]) and m.open and (m.state = 'secured' or (m.state = 'released' and m.dispatched))
    and not exists (select from shipments s where s.match_id = m.match_id
      and not (s.cancelled or s.failed or (s.received and (s.accepted = 0 or s.settled))))
    and exists (select from shipments s where s.match_id = m.match_id and (s.remaining = 0 or s.cancelled))
  returning m.match_id`;

/** Ends those of these matches that are done, then the orders that are over. The caller holds the orders' locks. */
export const finishMatches = async (tx: Tx, matchIds: readonly string[], causes: ReadonlyMap<string, Cause | undefined>): Promise<void> => {
  if (matchIds.length === 0) return;
  const done = await tx.sql<{ match_id: string }>(finish, [matchIds]);
  if (done.length === 0) return;
  await tx.unschedule('orders/match-overdue', ...done.map(({ match_id }) => match_id));
  await closeOrders(tx, causes);
};

type Told = Cause & { readonly data: { readonly orderId: string; readonly matchId: string } };

/** For a batch of facts about matches: locks their orders, lets `store` write them down, ends what is done. */
export const heardOfMatches = async (tx: Tx, facts: readonly Told[], store: () => Promise<void>): Promise<void> => {
  const causes = new Map(facts.map((fact) => [fact.data.orderId, fact]));
  await lockOrders(tx, [...causes.keys()]);
  await store();
  await finishMatches(tx, [...new Set(facts.map(({ data }) => data.matchId))], causes);
};
