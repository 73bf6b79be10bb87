import { reply } from '@peyvand/platform';
import { z } from 'zod';

export const ReceiptLine = z.object({
  lineId: reply.uuid, variantId: reply.uuid, sent: reply.whole.describe('= received + short'), received: reply.whole, short: reply.whole,
  rejected: reply.whole, accepted: reply.whole.describe('= received − rejected'), reason: reply.text.optional(),
}).meta({ id: 'ReceiptLine' });
