import { Body, Controller, Post } from '@nestjs/common';
import { refuse, type Refused } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, refusalTable, Replies, reply, write } from '@peyvand/platform';
import { z } from 'zod';
import { faultWords, type OrderFault } from './new-order.js';
import { SubmitOrderBody, SubmitOrdersBody } from './submit-order.body.js';
import { submitOrders } from './submit-order.js';

const Submitted = z.object({ orderId: reply.uuid, poNumber: reply.text, lineIds: z.array(reply.uuid).describe('In the order of the lines') });

type Refusal = 'po-number-taken' | 'order-id-taken' | 'order-invalid';

const refusals = refusalTable<Refusal>({
  'po-number-taken': [409, ...faultWords['po-number-taken']],
  'order-id-taken': [409, ...faultWords['order-id-taken']],
  'order-invalid': [422, 'برخی سطرهای سفارش پذیرفتنی نیست. هر موردی را که در errors آمده درست کنید و دوباره بفرستید.', 'Some parts of the order are not acceptable. Mend each entry in errors and send it again.'],
});

@Controller('api/orders')
@Allow('buyer', 'producer')
export class SubmitOrderHttp {
  constructor(private readonly source: Source) {}

  /** One order is a batch of one. */
  @Post()
  @Replies(Submitted, { refusals })
  submit(@Body() body: SubmitOrderBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const { submitted, faults } = await submitOrders(tx, caller, [body]);
      const [order] = submitted;
      return order === undefined ? refusalOf(faults, caller, (path) => path) : done({ orderId: order.orderId, poNumber: order.poNumber, lineIds: order.lineIds });
    });
  }

  /** Many orders at once, all or none; up to 20,000 orders and lines together (more: import a file). */
  @Post('batch')
  @Replies(z.object({ items: z.array(Submitted) }), { refusals })
  submitMany(@Body() body: SubmitOrdersBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const { submitted, faults } = await submitOrders(tx, caller, body.orders);
      if (faults.length > 0) return refusalOf(faults, caller, (path, index) => `orders[${index}].${path}`);
      return done({ items: submitted.map(({ orderId, poNumber, lineIds }) => ({ orderId, poNumber, lineIds })) });
    });
  }
}

/** A taken number or id is a conflict with the present state (409); anything else is a mistake in the order (422). */
const refusalOf = (faults: readonly OrderFault[], caller: Caller, pathOf: (path: string, index: number) => string): Refused<Refusal> => {
  const errors = faults.map(({ order, path, code, value }) => ({
    path: pathOf(path, order), code, message: faultWords[code][caller.locale === 'fa' ? 0 : 1], ...(value === undefined ? {} : { value }),
  }));
  const [first] = faults;
  const reason = faults.length === 1 && (first?.code === 'po-number-taken' || first?.code === 'order-id-taken') ? first.code : 'order-invalid';
  return refuse(reason, { errors });
};
