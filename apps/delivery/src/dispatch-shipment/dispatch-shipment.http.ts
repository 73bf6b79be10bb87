import { Body, Controller, Param, Post } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, ListOf, refusalTable, Text, Uuid, Whole, write } from '@peyvand/platform';
import { DeliveryConfig } from '../delivery.config.js';
import { lineFaults, shipmentNotFound, shipmentNotPlanned } from '../refusals.js';
import { dispatch } from './dispatch-shipment.js';

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

const refusals = refusalTable({
  ...shipmentNotFound, ...shipmentNotPlanned, ...lineFaults,
  'not-yours-to-dispatch': [403, 'تنها فروشنده یا متصدی حمل این محموله خروج آن را ثبت می‌کند و تنها فروشنده متصدی حمل را عوض می‌کند. با حساب او وارد شوید.', 'Only the seller or the carrier of this shipment dispatches it, and only the seller changes the carrier. Sign in as one of them.'],
  'match-not-secured': [409, 'این تخصیص هنوز تأمین نشده است و کالا نباید خارج شود. تا رزرو حد اعتباری یا توافق بر شرایط باز شکیبا باشید.', 'This match is not secured yet, so goods must not leave. Wait until a limit is reserved or open terms are agreed.'],
  'carrier-unknown': [422, 'چنین متصدی حملی ثبت نشده است. یکی از فهرست متصدیان حمل را برگزینید.', 'There is no such carrier. Choose one of the registered carriers.'],
  'more-than-planned': [422, 'برای قلم {lineId} مقدار {asked} بیش از برنامه ({planned}) است. مقدار را کم کنید.', 'For line {lineId}, {asked} is more than is planned ({planned}). Send less.'],
  'nothing-to-dispatch': [422, 'مقدار همهٔ قلم‌ها صفر است. دست‌کم یک قلم باید مقدار داشته باشد.', 'Every line is zero. At least one line needs a quantity.'],
});

@Controller('api/delivery/shipments')
export class DispatchShipmentHttp {
  constructor(private readonly source: Source, private readonly config: DeliveryConfig) {}

  @Post(':id/dispatch') @Allow('producer', 'carrier') dispatch(@Param('id') id: string, @Body() body: DispatchBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, (tx) => dispatch(tx, caller, id, body, this.config.graceDays));
  }
}
