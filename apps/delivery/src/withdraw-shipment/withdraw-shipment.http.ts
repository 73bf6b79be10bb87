import { Controller, Param, Post } from '@nestjs/common';
import { refuse } from '@peyvand/kernel';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, done, refusalTable, Replies, write } from '@peyvand/platform';
import { Shipment, shipmentView } from '../list-shipments/shipment-view.js';
import { endDelivery } from '../on-overdue/end-delivery.js';
import { shipmentNotFound, shipmentNotPlanned, shipmentNotUnderWay } from '../refusals.js';
import { findShipment } from '../store/shipment.store.js';
import { checkVersion } from '../version.js';

const refusals = refusalTable({
  ...shipmentNotFound, ...shipmentNotPlanned, ...shipmentNotUnderWay,
  'not-yours-to-withdraw': [403, 'تنها فروشنده از فرستادن باقی‌مانده چشم می‌پوشد. با حساب فروشنده وارد شوید.', 'Only the seller gives up what it has not sent. Sign in as the seller.'],
});

/** The seller will not send this (rest of the) match: said at once instead of when its deadline passes. */
@Controller('api/delivery/shipments')
export class WithdrawShipmentHttp {
  constructor(private readonly source: Source) {}

  @Post(':id/withdraw') @Allow('producer') @Replies(Shipment, { status: 200, refusals, ifMatch: true }) withdraw(@Param('id') id: string, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, (tx) => withdraw(tx, caller, id));
  }
}

const withdraw = async (tx: Tx, caller: Caller, id: string) => {
  const found = await findShipment(tx, id);
  if (found !== undefined && found.shipment.sellerId !== caller.party) return refuse('not-yours-to-withdraw');
  const ended = await endDelivery(tx, id, 'withdrawn-by-seller', ({ version }) => checkVersion(caller, version));
  return ended.ok ? done(shipmentView(ended)) : ended;
};
