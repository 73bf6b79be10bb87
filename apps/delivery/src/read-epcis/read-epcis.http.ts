import { Controller, Get, Param } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, read, Replies, reply } from '@peyvand/platform';
import { z } from 'zod';
import { epcisOf } from '../domain/epcis.js';
import { findReceipt } from '../store/receipt.store.js';
import { gtinsOf } from '../store/reference.store.js';
import { findEnd, findShipment } from '../store/shipment.store.js';

const Epcis = z.object({
  '@context': reply.text, type: z.literal('EPCISDocument'), schemaVersion: z.literal('2.0'), creationDate: reply.moment, epcisBody: z.object({ eventList: z.array(reply.anything).describe('ObjectEvents of GS1 EPCIS 2.0') }),
}).meta({ id: 'Epcis' });

/** The shipment's events for traceability systems: EPCIS 2.0, JSON-LD. */
@Controller('api/delivery/shipments')
export class ReadEpcisHttp {
  constructor(private readonly source: Source) {}

  @Get(':id/epcis') @Allow('buyer', 'approver', 'storekeeper', 'producer', 'carrier', 'operator') @Replies(Epcis) events(@Param('id') id: string, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const shipment = (await findShipment(tx, id))?.shipment;
      if (shipment === undefined) return undefined;
      const endedAt = shipment.status === 'failed' ? await findEnd(tx, id) : undefined;
      const gtins = await gtinsOf(tx, shipment.lines.map((line) => line.variantId));
      return epcisOf(shipment, await findReceipt(tx, id), { gtins, now: tx.now, ...(endedAt === undefined ? {} : { endedAt }) });
    });
  }
}
