import type { Day } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { untilAfterPromise } from '../domain/patience.js';

/** Planned shipments that may leave are waited for from now on. */
export const waitForDispatch = (tx: Tx, shipments: readonly { readonly id: string; readonly promisedBy: Day }[], graceDays: number): Promise<void> =>
  tx.schedule(shipments.map(({ id, promisedBy }) => ({ kind: 'delivery/dispatch-by', key: id, dueAt: untilAfterPromise(promisedBy, tx.now, graceDays) })));
