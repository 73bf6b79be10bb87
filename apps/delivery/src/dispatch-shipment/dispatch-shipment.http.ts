import { Body, Controller, Param, Post } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, ListOf, refusalTable, Replies, reply, Text, Uuid, Whole, write } from '@peyvand/platform';
import { z } from 'zod';
import { bulkItem } from '../bulk-answer.js';
import { DeliveryConfig } from '../delivery.config.js';
import { Shipment } from '../list-shipments/shipment-view.js';
import { lineFaults, shipmentNotFound, shipmentNotPlanned } from '../refusals.js';
import { dispatch, dispatchMany, dispatchView } from './dispatch-shipment.js';

export class DispatchedLine {
  @Uuid() lineId: string;
  @Whole({ min: 0, max: 1_000_000_000 }) quantity: number;
}
export class DispatchBody {
  @Text({ max: 60, description: 'Number of the transport bill (بارنامه)', example: '1405-88213' }) waybill: string;
  @Text({ max: 30, optional: true, example: '۱۲ع۳۴۵ ایران ۸۷' }) plate?: string;
  @Text({ max: 100, optional: true }) driver?: string;
  @Uuid({ optional: true, description: 'Another carrier than the planned one, or the seller itself' }) carrierId?: string;
  @ListOf(() => DispatchedLine, { min: 1, optional: true, description: 'What really leaves; all of it when absent. The rest becomes a further planned shipment.' }) lines?: DispatchedLine[];
}
export class BulkDispatch extends DispatchBody {
  @Uuid() shipmentId: string;
}
export class BulkDispatchesBody {
  @ListOf(() => BulkDispatch, { min: 1, max: 1_000 }) dispatches: BulkDispatch[];
}

const refusals = refusalTable({
  ...shipmentNotFound, ...shipmentNotPlanned, ...lineFaults,
  'shipment-twice': [422, 'این محموله در همین درخواست دو بار آمده است. هر محموله را یک بار بفرستید.', 'This shipment is told twice in one request. Send each shipment once.'],
  'not-yours-to-dispatch': [403, 'تنها فروشنده یا متصدی حمل این محموله خروج آن را ثبت می‌کند و تنها فروشنده متصدی حمل را عوض می‌کند. با حساب او وارد شوید.', 'Only the seller or the carrier of this shipment dispatches it, and only the seller changes the carrier. Sign in as one of them.'],
  'match-not-secured': [409, 'این تخصیص هنوز تأمین نشده است و کالا نباید خارج شود. تا رزرو حد اعتباری یا توافق بر شرایط باز شکیبا باشید.', 'This match is not secured yet, so goods must not leave. Wait until a limit is reserved or open terms are agreed.'],
  'carrier-unknown': [422, 'چنین متصدی حملی ثبت نشده است. یکی از فهرست متصدیان حمل را برگزینید.', 'There is no such carrier. Choose one of the registered carriers.'],
  'more-than-planned': [422, 'برای قلم {lineId} مقدار {asked} بیش از برنامه ({planned}) است. مقدار را کم کنید.', 'For line {lineId}, {asked} is more than is planned ({planned}). Send less.'],
  'nothing-to-dispatch': [422, 'مقدار همهٔ قلم‌ها صفر است. دست‌کم یک قلم باید مقدار داشته باشد.', 'Every line is zero. At least one line needs a quantity.'],
});

const Dispatched = Shipment.extend({ further: z.object({ shipmentId: reply.uuid, lines: Shipment.shape.lines }).optional().describe('What stayed behind, planned anew') }).meta({ id: 'Dispatched' });
const items = z.array(z.union([Dispatched.extend({ ok: z.literal(true) }), reply.refused.extend({ shipmentId: reply.uuid })]));

@Controller('api/delivery')
export class DispatchShipmentHttp {
  constructor(private readonly source: Source, private readonly config: DeliveryConfig) {}

  @Post('shipments/:id/dispatch') @Allow('producer', 'carrier') @Replies(Dispatched, { status: 200, refusals, ifMatch: true }) dispatch(@Param('id') id: string, @Body() body: DispatchBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, (tx) => dispatch(tx, caller, id, body, this.config.graceDays));
  }

  /** For a seller's own dispatch system: each shipment leaves or stays by itself. */
  @Post('dispatches') @Allow('producer', 'carrier') @Replies(z.object({ dispatched: reply.whole, refused: reply.whole, items }), { status: 200 }) dispatchMany(@Body() { dispatches }: BulkDispatchesBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusalTable({}), async (tx) => {
      const outcomes = await dispatchMany(tx, caller, dispatches, this.config.graceDays);
      const items = outcomes.map((outcome, i) => bulkItem(outcome, { shipmentId: dispatches[i]?.shipmentId }, refusals, caller, dispatchView));
      const dispatched = outcomes.filter(({ ok }) => ok).length;
      return done({ dispatched, refused: items.length - dispatched, items });
    });
  }
}
