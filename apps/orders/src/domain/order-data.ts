import type { DataOf, OrderSubmitted } from '@peyvand/contracts';
import type { Line, Order } from './order.js';
import { sourcingOf, type Sourcing } from './sourcing.js';

/** An order as its facts tell it. */
export const orderData = (order: Order, lines: readonly Line[]): DataOf<typeof OrderSubmitted> => ({
  orderId: order.orderId, buyerId: order.buyerId, poNumber: order.poNumber, award: order.award, revision: order.revision,
  ...(order.parentMatchId === undefined ? {} : { parentMatchId: order.parentMatchId }),
  ...(order.importId === undefined ? {} : { importId: order.importId }),
  lines: lines.map((line) => ({
    lineId: line.lineId, variantId: line.variantId, quantity: line.quantity, unit: line.unit, shipTo: line.shipTo, neededBy: line.neededBy,
    fillPolicy: line.fillPolicy, approvedSellers: [...line.approvedSellers], blockedSellers: [...line.blockedSellers],
    ...(line.substitutes.length === 0 ? {} : { substitutes: [...line.substitutes] }),
    ...(line.priceCeiling === undefined ? {} : { priceCeiling: line.priceCeiling }),
    ...(line.terms === undefined ? {} : { terms: line.terms }),
    ...(line.minimumGrade === undefined ? {} : { minimumGrade: line.minimumGrade }),
    ...copied(sourcingOf(line)),
  })),
});

const copied = ({ preferredSellers, ...rest }: Sourcing) => ({ ...rest, ...(preferredSellers === undefined ? {} : { preferredSellers: [...preferredSellers] }) });
