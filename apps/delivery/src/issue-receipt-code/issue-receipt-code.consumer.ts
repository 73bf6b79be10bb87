import { Controller } from '@nestjs/common';
import { OnDeadlines, OnErrands, type DueOfMany, type Tx } from '@peyvand/messaging';
import { validForMs } from '../domain/receipt-code.js';
import { Sms, type Message } from '../sms/sms.js';
import { saveCodes } from '../store/receipt.store.js';
import { phonesOf } from '../store/reference.store.js';
import { findShipments } from '../store/shipment.store.js';
import { hashCode, newCode } from './hash-code.js';

/**
 * Makes the one-time code as the service itself: the seller or carrier whose dispatch asks for it never touches code or phone.
 * The plain code lives in the errand's row until it is sent, and in `shown` where nobody can be sent to.
 */
@Controller()
export class IssueReceiptCode {
  constructor(private readonly sms: Sms) {}

  @OnDeadlines('delivery/receipt-code') async issue(dues: DueOfMany[], tx: Tx): Promise<void> {
    const causes = new Map(dues.map((due) => [due.key, due]));
    const underWay = (await findShipments(tx, [...causes.keys()])).flatMap(({ shipment }) => (shipment.status === 'dispatched' || shipment.status === 'arrived' ? [shipment] : []));
    const phones = await phonesOf(tx, underWay.map(({ buyerId, shipTo: { placeId } }) => ({ networkId: buyerId, placeId })));
    const codes = underWay.map((shipment) => {
      const phone = phones.get(`${shipment.buyerId}/${shipment.shipTo.placeId}`);
      const contact = phone === undefined ? {} : { phone };
      return { shipment, contact, reached: this.sms.reaches(contact), code: newCode() };
    });
    const issues = await saveCodes(tx, codes.map(({ shipment: { id, buyerId }, contact, reached, code }) =>
      ({ shipmentId: id, buyerId, hash: hashCode(id, code), expiresAt: Date.now() + validForMs, ...(reached && 'phone' in contact ? {} : { shown: code }) })));
    await tx.schedule(codes.filter(({ reached }) => reached).map(({ shipment, contact, code }) => {
      const { id: shipmentId, buyerId: partyId, shipTo: { placeId } } = shipment;
      const cause = causes.get(shipmentId);
      const message: Message = { key: `${shipmentId}/${issues.get(shipmentId) ?? 1}`, partyId, placeId, ...contact, text: textOf(code, shipment), code, shipmentId };
      return { kind: 'delivery/sms', key: message.key, dueAt: tx.now, data: message, ...(cause === undefined ? {} : { cause }) };
    }));
  }

  @OnErrands('delivery/sms') async send(dues: DueOfMany<Message>[]): Promise<(tx: Tx) => Promise<void>> {
    await this.sms.sendMany(dues.map(({ data }) => data));
    // Nothing to record: the errands' rows, and the plain codes in them, go with this transaction.
    return async () => {};
  }
}

const textOf = (code: string, { poNumber, waybill }: { readonly poNumber: string; readonly waybill: string }): string =>
  `پیوند: کد رسید انبار برای سفارش ${poNumber}، بارنامهٔ ${waybill}: ${code}\nاین کد را پس از شمارش کالا در رسید بنویسید و به راننده ندهید.`;
