import { instant, type Instant } from '@peyvand/kernel';
import type { FactsStrategy, ManualClock } from '@peyvand/messaging';
import type { Running } from '@peyvand/platform';

export type Span = { readonly days?: number; readonly hours?: number; readonly minutes?: number; readonly ms?: number };

export type TestClock = {
  now(): Instant;
  /** Goes forward stopping at every due time on the way: its deadlines fire, their facts are handled and errands run, before the next. */
  advance(span: Span): Promise<void>;
  advanceTo(at: Instant | string): Promise<void>;
};

export const testClock = (clock: ManualClock, running: Running, strategy: FactsStrategy): TestClock => {
  const advanceTo = async (at: Instant | string): Promise<void> => {
    const end = instant(at);
    await strategy.settle();
    for (let stop = await nextDue(running); stop <= end; stop = await nextDue(running)) {
      // Due already and still there: it failed and waits for its next try, or nobody handles it. Time must not stand still for it.
      if (stop <= clock.now()) break;
      clock.advanceTo(instant(stop));
      await strategy.settle();
    }
    if (end > clock.now()) clock.advanceTo(end);
    await strategy.settle();
  };
  return {
    now: clock.now,
    advanceTo,
    advance: ({ days = 0, hours = 0, minutes = 0, ms = 0 }) => advanceTo(instant(clock.now() + days * 86_400_000 + hours * 3_600_000 + minutes * 60_000 + ms)),
  };
};

const nextDue = async (running: Running): Promise<number> =>
  Math.min(...Object.values(await running.idleness()).map((one) => one.nextDue ?? Infinity));
