import type { FeedFact } from '../api/api.js';
import { nameOf } from '../api/story.js';
import type { DemoClock } from '../advance-clock/demo-clock.js';

/** The demo's signatories answer in moments; longer than this (wall) nobody is waited for. */
const mostMs = 30_000;
/** A fact heard this much later (business time) than it happened says that the machine is behind: a quarter of a second in the demo. */
const lateMs = 12 * 3_600_000;

/**
 * Keeps the law's shortest clock fair. A presented barat must be answered within 24 hours (art. 235), which is half a second in the
 * demo; from its drawing to its answer the clock is held, so that a busy machine makes nobody refuse.
 */
export class Urgency {
  private readonly open = new Map<string, () => void>();
  private readonly answered = new Set<string>();
  private lateAt = 0;

  /** `answers`: parties whose signatories are the demo's own people; nobody else is waited for. */
  constructor(private readonly clock: DemoClock, private readonly answers: ReadonlySet<string>) {}

  /** Draws, and holds the clock from before it until an answer on this case's paper is heard. */
  async during<T>(caseId: string, buyerId: string, draw: () => Promise<T>): Promise<T> {
    if (this.answers.has(buyerId)) await this.begin(caseId);
    try {
      return await draw();
    } catch (error) {
      this.end(caseId);
      throw error;
    }
  }

  heard(fact: FeedFact): void {
    const [name, caseId] = [nameOf(fact), String(fact.data['caseId'])];
    // Several firms hear the same fact, one of them of the drawing after another has heard the answer.
    if (['InstrumentAccepted', 'InstrumentRefused'].includes(name)) {
      this.answered.add(caseId);
      if (this.answered.size > 1_000) this.answered.delete(String(this.answered.values().next().value));
      this.end(caseId);
    }
    // Drawn by standing instruction: nobody was there to hold the clock before it.
    if (name === 'InstrumentDrawn' && this.answers.has(String(fact.data['buyerId'])) && !this.answered.has(caseId)) void this.begin(caseId).catch(() => undefined);
    if (fact.time !== undefined && this.clock.now() - Date.parse(fact.time) > lateMs) this.lateAt = Date.now();
  }

  /** Facts came late just now. */
  late(): boolean {
    return Date.now() - this.lateAt < 300;
  }

  private async begin(caseId: string): Promise<void> {
    if (this.open.has(caseId)) return;
    const held = this.clock.hold();
    const timer = setTimeout(() => this.end(caseId), mostMs).unref();
    this.open.set(caseId, () => {
      clearTimeout(timer);
      void held.then((release) => release()).catch(() => undefined);
    });
    await held;
  }

  private end(caseId: string): void {
    this.open.get(caseId)?.();
    this.open.delete(caseId);
  }
}
