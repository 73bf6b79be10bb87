import { addDays, dayOf, endOfDay, type Day, type Instant } from '@peyvand/kernel';

// Every wait ends. A step is waited for until some days after the day it was promised for, or after the step before it when that was later.

/** Until when goods of a secured match must have left, and until when goods under way must have arrived. */
export const untilAfterPromise = (promisedBy: Day, now: Instant, graceDays: number): Instant => {
  const today = dayOf(now);
  return endOfDay(addDays(promisedBy > today ? promisedBy : today, graceDays));
};

/** Until when what must follow a step is waited for: a count once the goods arrived, an invoice once they are counted, its approval. */
export const untilAfter = (step: Instant, graceDays: number): Instant => endOfDay(addDays(dayOf(step), graceDays));
