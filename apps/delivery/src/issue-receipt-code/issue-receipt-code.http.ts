import { Controller, Param, Post } from '@nestjs/common';
import { refuse } from '@peyvand/kernel';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, done, refusalTable, Replies, reply, write } from '@peyvand/platform';
import { z } from 'zod';
import { shipmentNotFound, shipmentNotUnderWay } from '../refusals.js';
import { findIssue } from '../store/receipt.store.js';
import { findShipment } from '../store/shipment.store.js';

/** Each new code allows five more guesses: twenty of them leave one chance in ten thousand. */
const mostIssues = 20;

const refusals = refusalTable({
  ...shipmentNotFound, ...shipmentNotUnderWay,
  'not-yours-to-receive': [403, 'تنها انباردار خریدار کد رسید می‌گیرد. با حساب او وارد شوید.', 'Only the buyer’s storekeeper is sent a receipt code. Sign in as the storekeeper.'],
  'too-many-codes': [429, 'برای این محموله کدهای بسیاری فرستاده شده است. با بهره‌بردار سامانه تماس بگیرید.', 'Too many codes were sent for this shipment. Ask the operator.'],
});

/** A new code when the last one was lost, locked or too old. */
@Controller('api/delivery/shipments')
export class IssueReceiptCodeHttp {
  constructor(private readonly source: Source) {}

  @Post(':id/receipt-code') @Allow('storekeeper', 'producer') @Replies(z.object({ shipmentId: reply.uuid, asked: z.literal(true) }), { status: 202, refusals }) issue(@Param('id') id: string, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, (tx) => issue(tx, caller, id));
  }
}

const issue = async (tx: Tx, caller: Caller, id: string) => {
  const shipment = (await findShipment(tx, id))?.shipment;
  if (shipment === undefined) return refuse('shipment-not-found');
  if (shipment.buyerId !== caller.party) return refuse('not-yours-to-receive');
  if (shipment.status !== 'dispatched' && shipment.status !== 'arrived') return refuse('shipment-not-under-way', { state: shipment.status });
  if ((await findIssue(tx, id)) >= mostIssues) return refuse('too-many-codes');
  await tx.schedule({ kind: 'delivery/receipt-code', key: id, dueAt: tx.now });
  return done({ shipmentId: id, asked: true });
};
