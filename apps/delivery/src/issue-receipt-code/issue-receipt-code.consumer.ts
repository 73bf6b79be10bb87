import { Controller } from '@nestjs/common';
import { OnDeadline, OnErrand, type Due, type Tx } from '@peyvand/messaging';
import { validForMs } from '../domain/receipt-code.js';
import { Sms, type Message } from '../sms/sms.js';
import { saveCode } from '../store/receipt.store.js';
import { findPhone } from '../store/reference.store.js';
import { findShipment } from '../store/shipment.store.js';
import { hashCode, newCode } from './hash-code.js';

/**
 * Makes the one-time code as the service itself: the seller or carrier whose dispatch asks for it never touches code or phone.
 * The plain code lives in the errand's row until it is sent, and in `shown` where nobody can be sent to.
 */
@Controller()
export class IssueReceiptCode {
  constructor(private readonly sms: Sms) {}

  @OnDeadline('delivery/receipt-code') async issue(due: Due, tx: Tx): Promise<void> {
    const shipment = (await findShipment(tx, due.key))?.shipment;
    if (shipment?.status !== 'dispatched' && shipment?.status !== 'arrived') return;
    const { id: shipmentId, buyerId, shipTo: { placeId } } = shipment;
    const phone = await findPhone(tx, buyerId, placeId);
    const contact = phone === undefined ? {} : { phone };
    const reached = this.sms.reaches(contact);
    const code = newCode();
    const issue = await saveCode(tx, {
      shipmentId, buyerId, hash: hashCode(shipmentId, code), expiresAt: Date.now() + validForMs, ...(reached && phone !== undefined ? {} : { shown: code }),
    });
    if (!reached) return;
    const message: Message = { key: `${shipmentId}/${issue}`, partyId: buyerId, placeId, ...contact, text: textOf(code, shipment), code, shipmentId };
    await tx.schedule({ kind: 'delivery/sms', key: message.key, dueAt: tx.now, data: message });
  }

  @OnErrand('delivery/sms') async send(due: Due<Message>): Promise<(tx: Tx) => Promise<void>> {
    await this.sms.send(due.data);
    // Nothing to record: the errand's row, and the plain code in it, goes with this transaction.
    return async () => {};
  }
}

const textOf = (code: string, { poNumber, waybill }: { readonly poNumber: string; readonly waybill: string }): string =>
  `پیوند: کد رسید انبار برای سفارش ${poNumber}، بارنامهٔ ${waybill}: ${code}\nاین کد را پس از شمارش کالا در رسید بنویسید و به راننده ندهید.`;
