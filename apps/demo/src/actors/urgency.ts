import type { FeedFact } from '../api/api.js';
import { nameOf } from '../api/story.js';
import type { DemoClock } from '../advance-clock/demo-clock.js';

/** Longer than this (wall) nobody is waited for: a seller whose signatory is away must not stop everybody's time. */
const mostMs = 3_000;
/** A fact heard this much later (business time) than it happened says that the machine is behind: a quarter of a second in the demo. */
const lateMs = 12 * 3_600_000;

/**
 * Keeps the law's shortest clock fair. A presented barat must be answered within 24 hours (art. 235), which is half a second in the
 * demo; from its drawing to its answer the clock is held, so that a busy machine makes nobody refuse.
 */
export class Urgency {
  private readonly open = new Map<string, () => void>();
  private lateAt = 0;

  constructor(private readonly clock: DemoClock) {}

  /** Holds the clock until an answer on this case's paper is heard. */
  async begin(caseId: string): Promise<void> {
    if (this.open.has(caseId)) return;
    const timer = setTimeout(() => this.end(caseId), mostMs).unref();
    this.open.set(caseId, () => {
      clearTimeout(timer);
      void this.clock.usual();
    });
    await this.clock.hold();
  }

  heard(fact: FeedFact): void {
    if (['InstrumentAccepted', 'InstrumentRefused'].includes(nameOf(fact))) this.end(String(fact.data['caseId']));
    if (fact.time !== undefined && this.clock.now() - Date.parse(fact.time) > lateMs) this.lateAt = Date.now();
  }

  /** Facts came late just now. */
  late(): boolean {
    return Date.now() - this.lateAt < 300;
  }

  private end(caseId: string): void {
    this.open.get(caseId)?.();
    this.open.delete(caseId);
  }
}
