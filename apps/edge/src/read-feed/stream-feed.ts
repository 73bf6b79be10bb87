import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudEvent } from '../domain/cloud-event.js';
import type { FeedTail } from './feed-tail.js';

/** Wall milliseconds. */
export type StreamSettings = {
  /** A comment line this often keeps proxies from cutting a quiet connection. */
  readonly heartbeatMs: number;
  /** A client that does not take what was sent for this long is cut off. */
  readonly stuckMs: number;
  /** Without a fact for this long the stream ends; the client comes back by itself when it still cares. */
  readonly idleMs: number;
  /** The stream ends after this long, so that whoever lost a role is asked for the token again. */
  readonly lifetimeMs: number;
  /** Facts that arrive together are sent together. */
  readonly gatherMs: number;
  /** Facts read, held and written at a time: what a connection may cost in memory. */
  readonly chunk: number;
};

export const streamDefaults: StreamSettings = { heartbeatMs: 15_000, stuckMs: 30_000, idleMs: 900_000, lifetimeMs: 3_600_000, gatherMs: 50, chunk: 100 };

/** One event and the cursor after it. */
export type Item = { readonly cursor: string; readonly event: CloudEvent };

/** What the caller may see after a position: at most `chunk` items, and the position up to which nothing else is for it. */
export type ReadOn = (position: number, chunk: number) => Promise<{ readonly items: readonly Item[]; readonly position: number; readonly cursor: string; readonly more: boolean }>;

type Stream = { readonly raw: ServerResponse; readonly tail: FeedTail; readonly read: ReadOn; readonly from: number; readonly open: () => boolean; readonly settings: StreamSettings };

/**
 * Server-sent events until the client goes, the process closes or a deadline passes. The next chunk is read only when the client has
 * taken the last one, so a slow client costs one chunk and not the whole backlog. Throws what the reading throws.
 */
export const streamFeed = async ({ raw, tail, read, from, open, settings }: Stream): Promise<void> => {
  const gone = new AbortController();
  raw.on('close', () => gone.abort());
  const [began, send] = [performance.now(), sender(raw, gone.signal, settings.stuckMs)];
  let [position, last, quiet] = [from, began, began];
  const alive = (): boolean => !gone.signal.aborted && open() && performance.now() - began < settings.lifetimeMs && performance.now() - last < settings.idleMs;
  let greeted = false;
  while (alive()) {
    const page = await read(position, settings.chunk);
    position = page.position;
    if (page.items.length > 0) last = quiet = performance.now();
    // The id alone tells a client where it stands before the first fact.
    const greeting = greeted ? '' : `retry: 2000\nid: ${page.cursor}\n\n`;
    greeted = true;
    if (!(await send(page.items.map(frame).join('') || greeting))) break;
    if (page.more) continue;
    await tail.past(position, Math.min(settings.heartbeatMs, settings.idleMs), gone.signal);
    await sleep(settings.gatherMs, undefined, { signal: gone.signal }).catch(() => {});
    if (performance.now() - quiet >= settings.heartbeatMs) {
      quiet = performance.now();
      // With the id, so that a client whose facts are rare does not come back to an old place.
      if (!(await send(`: still here\nid: ${page.cursor}\n\n`))) break;
    }
  }
  raw.end();
};

const frame = ({ cursor, event }: Item): string => `id: ${cursor}\ndata: ${JSON.stringify(event)}\n\n`;

/** Writes and waits until the client has room again; false when it is gone or stuck (then the connection is cut). */
const sender = (raw: ServerResponse, gone: AbortSignal, stuckMs: number) => async (text: string): Promise<boolean> => {
  if (text === '' || raw.write(text)) return !gone.aborted;
  try {
    await once(raw, 'drain', { signal: AbortSignal.any([gone, AbortSignal.timeout(stuckMs)]) });
    return true;
  } catch {
    raw.destroy();
    return false;
  }
};
