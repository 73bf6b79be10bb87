import { AsyncLocalStorage } from 'node:async_hooks';

/** Why something is written: the fact, command or deadline before it, the story it belongs to, and the trace (W3C traceparent). */
export type Cause = { readonly causationid?: string; readonly correlationid?: string; readonly traceparent?: string };

const causes = new AsyncLocalStorage<Cause>();

/** Everything `work` awaits sees this cause: facts published without another one carry it. */
export const withCause = <T>(cause: Cause, work: () => T): T => causes.run(cause, work);

/** The cause in force here, for logs; empty outside `withCause`. */
export const currentCause = (): Cause => causes.getStore() ?? {};
