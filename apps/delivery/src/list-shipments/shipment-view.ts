import { goodsLine } from '@peyvand/contracts';
import { isoOf, type Instant } from '@peyvand/kernel';
import { reply } from '@peyvand/platform';
import { z } from 'zod';
import type { StoredShipment } from '../store/shipment.store.js';

export const Shipment = z.object({
  shipmentId: reply.uuid, matchId: reply.uuid, orderId: reply.uuid, buyerId: reply.uuid, sellerId: reply.uuid, carrierId: reply.uuid, poNumber: reply.text, lines: z.array(goodsLine), shipTo: reply.place, promisedBy: reply.day,
  secured: reply.flag.describe('Goods may leave'), status: z.enum(['planned', 'dispatched', 'arrived', 'received', 'cancelled', 'failed']), reason: reply.text.optional().describe('Why it was cancelled or failed'),
  waybill: reply.text.optional(), plate: reply.text.optional(), driver: reply.text.optional(), dispatchedAt: reply.moment.optional(), arrivedAt: reply.moment.optional(), receivedAt: reply.moment.optional(), version: reply.whole,
}).meta({ id: 'Shipment' });

/** A shipment as the API shows it: moments in ISO 8601. */
export const shipmentView = ({ shipment: { id, ...shipment }, version }: StoredShipment) => ({
  shipmentId: id,
  ...shipment,
  dispatchedAt: momentOf('dispatchedAt' in shipment ? shipment.dispatchedAt : undefined),
  arrivedAt: momentOf('arrivedAt' in shipment ? shipment.arrivedAt : undefined),
  receivedAt: momentOf('receivedAt' in shipment ? shipment.receivedAt : undefined),
  version,
});

const momentOf = (at: Instant | undefined): string | undefined => (at === undefined ? undefined : isoOf(at));
