import type { ReleaseReason } from './match.js';
import type { Line } from './order.js';

/**
 * A released match gives its units back to the line: to wait for another producer (never this one again), or to be cancelled when the
 * buyer did not want them: the order was cancelled, or its approver refused the award.
 */
export const takeBack = (line: Line, units: number, sellerId: string, reason: ReleaseReason): Line => {
  const matched = line.matched - units;
  if (reason === 'order-cancelled' || reason === 'award-refused') return { ...line, matched, cancelled: line.cancelled + units };
  return { ...line, matched, waiting: line.waiting + units, final: false, excludedSellers: [...new Set([...line.excludedSellers, sellerId])] };
};
