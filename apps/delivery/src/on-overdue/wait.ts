import { dayOf, type Day } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { untilAfter, untilAfterPromise } from '../domain/patience.js';

/** Planned shipments that may leave are waited for from now on. */
export const waitForDispatch = (tx: Tx, shipments: readonly { readonly id: string; readonly promisedBy: Day }[], graceDays: number): Promise<void> =>
  tx.schedule(shipments.map(({ id, promisedBy }) => ({ kind: 'delivery/dispatch-by', key: id, dueAt: untilAfterPromise(promisedBy, tx.now, graceDays) })));

/** Since which day the step has been waited for. */
export type Waiting = { readonly since: Day };

/**
 * Something must follow at these shipments, whose goods are there: a count, an invoice, its correction or approval, the end of a dispute. The
 * clock asks then what it is, so a later step only has to call this again.
 */
export const waitForNextStep = (tx: Tx, shipmentIds: readonly string[], graceDays: number, since: Day = dayOf(tx.now)): Promise<void> => {
  const data: Waiting = { since };
  return tx.schedule(shipmentIds.map((key) => ({ kind: 'delivery/step-by', key, dueAt: untilAfter(tx.now, graceDays), data })));
};

/** Nothing more has to follow at these shipments. */
export const endWait = (tx: Tx, ...shipmentIds: string[]): Promise<void> => tx.unschedule('delivery/step-by', ...shipmentIds);
