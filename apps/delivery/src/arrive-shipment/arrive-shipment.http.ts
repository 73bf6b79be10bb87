import { Controller, Param, Post } from '@nestjs/common';
import { refuse } from '@peyvand/kernel';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, done, refusalTable, Replies, write } from '@peyvand/platform';
import { DeliveryConfig } from '../delivery.config.js';
import { untilAfter } from '../domain/patience.js';
import { arriveShipment } from '../domain/shipment.js';
import { Shipment, shipmentView } from '../list-shipments/shipment-view.js';
import { shipmentNotFound, shipmentNotUnderWay } from '../refusals.js';
import { lockShipment, updateShipments } from '../store/shipment.store.js';
import { checkVersion } from '../version.js';

const refusals = refusalTable({
  ...shipmentNotFound, ...shipmentNotUnderWay,
  'not-yours-to-bring': [403, 'تنها متصدی حمل این محموله رسیدن آن را ثبت می‌کند. با حساب او وارد شوید.', 'Only the carrier of this shipment says that it arrived. Sign in as the carrier.'],
});

@Controller('api/delivery/shipments')
export class ArriveShipmentHttp {
  constructor(private readonly source: Source, private readonly config: DeliveryConfig) {}

  // A seller that drives its own goods is their carrier.
  @Post(':id/arrive') @Allow('carrier', 'producer') @Replies(Shipment, { status: 200, refusals, ifMatch: true }) arrive(@Param('id') id: string, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, (tx) => arrive(tx, caller, id, this.config.graceDays));
  }
}

const arrive = async (tx: Tx, caller: Caller, id: string, graceDays: number) => {
  const stored = await lockShipment(tx, id);
  if (stored === undefined) return refuse('shipment-not-found');
  checkVersion(caller, stored.version);
  const decision = arriveShipment(stored.shipment, caller.party, tx.now);
  if (!decision.ok) return decision;
  await updateShipments(tx, [{ shipment: decision.state, version: stored.version }]);
  await tx.unschedule('delivery/arrive-by', id);
  await tx.schedule({ kind: 'delivery/count-by', key: id, dueAt: untilAfter(tx.now, graceDays) });
  await tx.publish(decision.events);
  return done(shipmentView({ shipment: decision.state, version: stored.version + 1 }));
};
