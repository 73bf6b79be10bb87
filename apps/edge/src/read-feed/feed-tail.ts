import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Running } from '@peyvand/platform';

// After a batch was handled its COMMIT follows within milliseconds; else another process may have added facts.
const soonMs = [2, 5, 10, 20, 40, 80];
const steadyMs = 500;

/**
 * Tells waiting streams that the feed has grown: one look at the head for all streams of this process, and only while any wait. The
 * consumer pokes it, so that a fact handled here is on the wire within milliseconds.
 */
@Injectable()
export class FeedTail implements OnModuleDestroy {
  private head = 0;
  private step = soonMs.length;
  private timer: NodeJS.Timeout | undefined;
  private readonly waiting = new Set<() => void>();
  private closed = false;

  constructor(private readonly source: Source, private readonly running: Running) {}

  /** Facts are about to be committed. */
  poke(): void {
    this.step = 0;
    this.plan();
  }

  /** Resolves when the feed is past `position`, after `ms`, or when `signal` aborts. */
  async past(position: number, ms: number, signal: AbortSignal): Promise<void> {
    if (this.head > position || this.ending || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        this.waiting.delete(check);
        resolve();
      };
      const check = (): void => {
        if (this.head > position || this.ending) finish();
      };
      const timer = setTimeout(finish, ms);
      signal.addEventListener('abort', finish);
      this.waiting.add(check);
      this.plan();
    });
  }

  onModuleDestroy(): void {
    this.closed = true;
    clearTimeout(this.timer);
    for (const check of [...this.waiting]) check();
  }

  // The process is closing and HTTP waits for its last answers: whoever waits here is one of them.
  private get ending(): boolean {
    return this.closed || !this.running.ready;
  }

  private plan(): void {
    if (this.closed || this.waiting.size === 0) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), soonMs[this.step] ?? steadyMs);
  }

  private async look(): Promise<void> {
    this.step = Math.min(this.step + 1, soonMs.length);
    try {
      const { rows } = await this.source.pool.query<{ position: string }>('select position from head');
      this.head = Number(rows[0]?.position ?? 0);
    } catch {
      // The database is away for a moment: the next look tells.
    }
    for (const check of [...this.waiting]) check();
    this.plan();
  }
}
