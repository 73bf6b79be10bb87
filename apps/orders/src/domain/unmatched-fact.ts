import { LineUnmatched, type DataOf } from '@peyvand/contracts';
import type { Cure, UnmatchedReason } from '@peyvand/matching';
import type { AnyFact } from './any-fact.js';
import type { Line } from './order.js';

/** What the buyer is told of `quantity` units of a line for which nothing was found. */
export const unmatchedFact = (line: Line, buyerId: string, quantity: number, reason: UnmatchedReason, cure: Cure): AnyFact => LineUnmatched.of({
  orderId: line.orderId, lineId: line.lineId, buyerId, variantId: line.variantId, quantity, unit: line.unit, ...toldReason(reason), cure,
});

/** The fact's reasons are closed: the line's own limits on sellers are told as sellers it does not allow, with the limit beside. */
const toldReason = (reason: UnmatchedReason): Pick<DataOf<typeof LineUnmatched>, 'reason' | 'limit'> =>
  reason === 'share-cap' || reason === 'too-many-suppliers' ? { reason: 'seller-not-allowed', limit: reason } : { reason };
