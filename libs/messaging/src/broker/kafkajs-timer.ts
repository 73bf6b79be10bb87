import { createRequire } from 'node:module';

type RequestQueue = { readonly pending: readonly unknown[]; scheduleCheckPendingRequests(): void };

/**
 * kafkajs 2.2.4 keeps a timer of 1 ms going on every connection for ever, requests waiting or not (tulios/kafkajs#1704 and #1556, open): an
 * idle service spent 4 % of a core on it. Requests that do have to wait schedule their own check, so where none waits nothing need be
 * scheduled. To be deleted with the first release that does so itself; its spec tells when.
 */
export const stillIdleConnections = (): void => {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue & { stilled?: true } };
  if (prototype.stilled === true) return;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.stilled = true;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
};
