import { defineService, Running } from '@peyvand/platform';
import { AnswerInstrumentHttp } from './answer-instrument/answer-instrument.http.js';
import { AnswerTimeUp } from './answer-instrument/answer-instrument.consumer.js';
import { AssignPaper } from './assign-paper/assign-paper.consumer.js';
import { CheckReceivableHttp } from './check-receivable/check-receivable.http.js';
import { ChooseBidHttp } from './choose-bid/choose-bid.http.js';
import { ClaimReceivableHttp } from './claim-receivable/claim-receivable.http.js';
import { CloseCase } from './close-case/close-case.consumer.js';
import { CloseBidding } from './close-bidding/close-bidding.consumer.js';
import { CollectPayment } from './collect-payment/collect-payment.consumer.js';
import { PayLateHttp } from './collect-payment/pay-late.http.js';
import { DemandRecourseHttp } from './demand-recourse/demand-recourse.http.js';
import { PayRecourse } from './demand-recourse/pay-recourse.consumer.js';
import { DemoBankHttp } from './demo-bank/demo-bank.http.js';
import { DrawInstrumentHttp } from './draw-instrument/draw-instrument.http.js';
import { EndorseToSupplierHttp } from './endorse-to-supplier/endorse-to-supplier.http.js';
import { bankFolder } from './financing.config.js';
import { GrantMandateHttp } from './grant-mandate/grant-mandate.http.js';
import { ListCasesHttp } from './list-cases/list-cases.http.js';
import { OnCreditNote } from './on-credit-note/on-credit-note.consumer.js';
import { OnGoodsReceived } from './on-goods-received/on-goods-received.consumer.js';
import { OnInstrumentAccepted } from './on-instrument-accepted/on-instrument-accepted.consumer.js';
import { OnInvoiceApproved } from './on-invoice-approved/on-invoice-approved.consumer.js';
import { OnMatchMade } from './on-match-made/on-match-made.consumer.js';
import { OnMatchReleased } from './on-match-released/on-match-released.consumer.js';
import { OnPurchaseOrderAccepted } from './on-purchase-order-accepted/on-purchase-order-accepted.consumer.js';
import { PaySeller } from './pay-seller/pay-seller.consumer.js';
import { PlaceBidHttp } from './place-bid/place-bid.http.js';
import { BankFile } from './ports/bank-file.js';
import { Bank } from './ports/bank.js';
import { SimulatedBank } from './ports/simulated-bank.js';
import { LoseRecourse } from './protest-instrument/lose-recourse.consumer.js';
import { ProtestInstrumentHttp } from './protest-instrument/protest-instrument.http.js';
import { ReadLedgerHttp } from './read-ledger/read-ledger.http.js';
import { RegisterFunderHttp } from './register-funder/register-funder.http.js';
import { SetLimitHttp } from './set-limit/set-limit.http.js';
import { StandingBidsHttp } from './standing-instructions/standing-bids.http.js';
import { StandingSaleHttp } from './standing-instructions/standing-sale.http.js';
import { Financing0002 } from './store/standing.store.js';
import { Financing0001 } from './store/tables.js';
import { VerifyAccountErrand } from './verify-account/verify-account.consumer.js';
import { VerifyAccountHttp } from './verify-account/verify-account.http.js';
import { WriteOffHttp } from './write-off/write-off.http.js';

const bankOf = (running: Running, simulated: SimulatedBank): Bank => {
  const folder = bankFolder();
  if (folder !== undefined) return new BankFile(folder);
  if (running.config.production) throw new Error('BANK_FOLDER is missing: the simulated bank is not for production; name the folder where payment files and statements are exchanged');
  return simulated;
};

/** Limits, cases, instruments, the ledger and settlement. */
export const financing = defineService({
  name: 'financing',
  // A few limits carry everything. Locked by whichever fact came first they were waited for in circles: 137 deadlocks of a second each in 200 s.
  takesTurns: true,
  migrations: [Financing0001, Financing0002],
  controllers: [
    RegisterFunderHttp, StandingSaleHttp, StandingBidsHttp, VerifyAccountHttp, GrantMandateHttp, SetLimitHttp,
    DrawInstrumentHttp, AnswerInstrumentHttp, PlaceBidHttp, ChooseBidHttp, EndorseToSupplierHttp,
    PayLateHttp, ProtestInstrumentHttp, DemandRecourseHttp, WriteOffHttp, CheckReceivableHttp, ClaimReceivableHttp, ListCasesHttp, ReadLedgerHttp, DemoBankHttp,
  ],
  consumers: [
    OnMatchMade, OnPurchaseOrderAccepted, OnMatchReleased, OnGoodsReceived, OnInvoiceApproved, OnInstrumentAccepted, OnCreditNote,
    VerifyAccountErrand, AnswerTimeUp, AssignPaper, PaySeller, CloseBidding, CollectPayment, LoseRecourse, PayRecourse, CloseCase,
  ],
  providers: [SimulatedBank, { provide: Bank, useFactory: bankOf, inject: [Running, SimulatedBank] }],
});
