import { defineService } from '@peyvand/platform';
import { ApproveInvoiceHttp } from './approve-invoice/approve-invoice.http.js';
import { ApprovalPolicyHttp } from './approval-policy/approval-policy.http.js';
import { ApproveByPolicy } from './approval-policy/approve-by-policy.consumer.js';
import { ArriveShipmentHttp } from './arrive-shipment/arrive-shipment.http.js';
import { DeliveryConfig, readDeliveryConfig } from './delivery.config.js';
import { DemoSmsHttp } from './demo-sms/demo-sms.http.js';
import { DemoTaxHttp } from './demo-tax/demo-tax.http.js';
import { DispatchShipmentHttp } from './dispatch-shipment/dispatch-shipment.http.js';
import { HearTaxSystem } from './hear-tax-system/hear-tax-system.consumer.js';
import { IssueInvoiceHttp } from './issue-invoice/issue-invoice.http.js';
import { IssueReceiptCode } from './issue-receipt-code/issue-receipt-code.consumer.js';
import { IssueReceiptCodeHttp } from './issue-receipt-code/issue-receipt-code.http.js';
import { ListInvoicesHttp } from './list-invoices/list-invoices.http.js';
import { ListShipmentsHttp } from './list-shipments/list-shipments.http.js';
import { OnMatchMade } from './on-match-made/on-match-made.consumer.js';
import { OnMatchReleased } from './on-match-released/on-match-released.consumer.js';
import { OnMatchSecured } from './on-match-secured/on-match-secured.consumer.js';
import { OnOverdue } from './on-overdue/on-overdue.consumer.js';
import { OnProductListed } from './on-product-listed/on-product-listed.consumer.js';
import { OnPurchaseOrderAccepted } from './on-purchase-order-accepted/on-purchase-order-accepted.consumer.js';
import { RaiseDisputeHttp } from './raise-dispute/raise-dispute.http.js';
import { PassOnReaction } from './react-to-invoice/pass-on.consumer.js';
import { ReactToInvoiceHttp } from './react-to-invoice/react-to-invoice.http.js';
import { ReadEpcisHttp } from './read-epcis/read-epcis.http.js';
import { ReceiveGoodsHttp } from './receive-goods/receive-goods.http.js';
import { RecordContactHttp } from './record-contact/record-contact.http.js';
import { RegisterCarrierHttp } from './register-carrier/register-carrier.http.js';
import { RegisterTaxStandingHttp } from './register-tax-standing/register-tax-standing.http.js';
import { ReturnGoodsHttp } from './return-goods/return-goods.http.js';
import { SendToTax } from './send-to-tax/send-to-tax.consumer.js';
import { SettleDisputeHttp } from './settle-dispute/settle-dispute.http.js';
import { smsProvider } from './sms/sms.provider.js';
import { StandingInvoicingHttp } from './standing-invoicing/standing-invoicing.http.js';
import { Delivery0001 } from './store/migrations.js';
import { Delivery0002 } from './store/standing.store.js';
import { Delivery0003 } from './store/tax-tables.js';
import { SimulatedTax } from './tax/simulated-tax.js';
import { taxProvider } from './tax/tax.provider.js';
import { WithdrawShipmentHttp } from './withdraw-shipment/withdraw-shipment.http.js';

/** Shipments, receipts, invoices, three-way match: everything delivery is made of. */
export const delivery = defineService({
  name: 'delivery',
  migrations: [Delivery0001, Delivery0002, Delivery0003],
  controllers: [
    RegisterCarrierHttp, RecordContactHttp, RegisterTaxStandingHttp,
    ListShipmentsHttp, DispatchShipmentHttp, WithdrawShipmentHttp, ArriveShipmentHttp, IssueReceiptCodeHttp, ReceiveGoodsHttp,
    ReadEpcisHttp, IssueInvoiceHttp, ApproveInvoiceHttp, ListInvoicesHttp, ReturnGoodsHttp, RaiseDisputeHttp, SettleDisputeHttp, ReactToInvoiceHttp,
    StandingInvoicingHttp, ApprovalPolicyHttp, DemoSmsHttp, DemoTaxHttp,
  ],
  consumers: [OnProductListed, OnMatchMade, OnPurchaseOrderAccepted, OnMatchSecured, OnMatchReleased, IssueReceiptCode, OnOverdue, ApproveByPolicy, SendToTax, HearTaxSystem, PassOnReaction],
  providers: [{ provide: DeliveryConfig, useFactory: () => readDeliveryConfig() }, smsProvider, SimulatedTax, taxProvider],
});
