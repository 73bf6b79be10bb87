import type { OrderStatus } from './order.js';

/** Units of an order at its end, over all lines and shipments. */
export type Tally = {
  readonly ordered: number;
  readonly unmatched: number;
  readonly cancelled: number;
  readonly accepted: number;
  readonly short: number;
  readonly rejected: number;
  /** A shipment of it was lost or never came. */
  readonly failed: boolean;
  readonly cancelledByBuyer: boolean;
};

/** The order's visible end and why it is not simply "closed". */
export const endOf = (tally: Tally): { status: Exclude<OrderStatus, 'open'>; reasons: string[] } => {
  const reasons = [
    ...(tally.unmatched > 0 ? ['unmatched'] : []),
    ...(tally.cancelled > 0 ? ['cancelled'] : []),
    ...(tally.short > 0 ? ['short'] : []),
    ...(tally.rejected > 0 ? ['rejected'] : []),
    ...(tally.failed ? ['delivery-failed'] : []),
  ];
  if (tally.accepted >= tally.ordered) return { status: 'closed', reasons };
  if (tally.accepted > 0) return { status: 'part-closed', reasons };
  if (tally.cancelledByBuyer || tally.cancelled === tally.ordered) return { status: 'cancelled', reasons };
  if (tally.unmatched === tally.ordered) return { status: 'unmatched', reasons };
  return { status: 'part-closed', reasons };
};
