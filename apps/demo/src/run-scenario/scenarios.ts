import { newId } from '@peyvand/kernel';
import { terms, variantByCode } from '../world/goods.js';
import { networks, producers } from '../world/parties.js';
import { plusDays } from '../seed-world/seed-world.js';
import type { Stage } from './stage.js';

/** What a scenario ended with: its order, and whatever else it has to show. */
export type Ending = { readonly orderId: string; readonly [more: string]: unknown };

export type Scenario = (stage: Stage) => Promise<Ending>;

const sneakers = { buyer: 'narvan', code: 'GMK-SNK-31', quantity: 300, terms: terms.barat60 } as const;

/** Goods, invoice and paper take days; maturity and what the law does after it take a season. */
const season = 150;

/** Fewer arrive than were sent, a few are bad: invoice, paper and money follow what was accepted. */
const partialReceipt: Scenario = async (stage) => {
  const orderId = await stage.order({ ...sneakers, script: { receipt: [{ short: 12, rejected: 8 }] } });
  await stage.told(orderId, ['FundsDisbursed']);
  await stage.told(orderId, ['OrderClosed'], season);
  return { orderId };
};

/** The buyer does not pay at maturity: protest within ten days, recourse to the drawer, who pays. */
const dishonour: Scenario = async (stage) => {
  const orderId = await stage.order({ ...sneakers, buyer: 'mehrayin', script: {} });
  const { data: { maturity } } = await stage.told(orderId, ['InstrumentDrawn']);
  await stage.told(orderId, ['FundsDisbursed']);
  // Only what is due on these few days meets the empty account.
  await stage.untilDay(plusDays(String(maturity), -1));
  const failed = await stage.withBank({ collections: { [networks.mehrayin.id]: 'refuse' } }, () => stage.told(orderId, ['PaymentFailed'], 10));
  await stage.told(orderId, ['RecoursePaid'], 10);
  await stage.told(orderId, ['CaseSettled'], season);
  return { orderId, failed: failed.data };
};

/** A second bank is offered the same invoice, spelled with other letters: refused, and the lien is named. */
const doubleFinance: Scenario = async (stage) => {
  const number = `کفش گامک یک-${newId().slice(-6)}`;
  const orderId = await stage.order({ ...sneakers, script: { invoiceNumber: number } });
  await stage.told(orderId, ['FundsDisbursed']);
  const { data } = await stage.told(orderId, ['InvoiceIssued']);
  const invoice = { sellerId: data['sellerId'], buyerId: data['buyerId'], amount: data['gross'], issuedOn: data['issuedOn'] };
  const spelled = { ...invoice, invoiceNumber: number.replaceAll('ک', 'ك').replaceAll('ی', 'ي') };
  const check = await stage.as('pezhvak.funder').send('POST', '/api/financing/receivables/check', spelled, `check-${orderId}`);
  await stage.told(orderId, ['CaseSettled'], season);
  return { orderId, check };
};

/** The bank answers late, and twice: the seller is paid once. */
const lateBank: Scenario = async (stage) => {
  const orderId = await stage.withBank({ payments: 'twice', delayMs: 2_000 }, async () => {
    const id = await stage.order({ ...sneakers, script: {} });
    await stage.told(id, ['FundsDisbursed']);
    return id;
  });
  await stage.told(orderId, ['CaseSettled'], season);
  return { orderId, disbursements: (await stage.story(orderId)).filter(({ type }) => type.includes('FundsDisbursed')).length };
};

/** Goods come back after the paper was bought: its face stands, the credit note is the seller's debt to the buyer. */
const returnAfterFinance: Scenario = async (stage) => {
  const orderId = await stage.order({ ...sneakers, script: {} });
  await stage.told(orderId, ['FundsDisbursed']);
  const { data } = await stage.told(orderId, ['InvoiceIssued']);
  const [line] = data['lines'] as { lineId: string }[];
  await stage.as('narvan.storekeeper').send('POST', `/api/delivery/invoices/${String(data['invoiceId'])}/returns`, { lines: [{ lineId: line?.lineId, quantity: 10 }], reason: 'return' }, `return-${orderId}`);
  await stage.told(orderId, ['DilutionRecorded']);
  await stage.told(orderId, ['CaseSettled'], season);
  return { orderId };
};

/** The seller pays its own supplier with the paper, at face: a chain, not a pair. */
const endorseToSupplier: Scenario = async (stage) => {
  const debt: { caseId?: string } = {};
  const orderId = await stage.order({ ...sneakers, quantity: 232, terms: terms.barat90, script: { paper: { endorseTo: producers.azargoun.id, settles: () => debt.caseId } } });
  const accepted = await stage.told(orderId, ['PurchaseOrderAccepted']);
  const inputOrderId = newId();
  stage.give(inputOrderId, { paper: 'keep' });
  await stage.as('gamak.producer').send('POST', '/api/orders', {
    id: inputOrderId, poNumber: `SC-${inputOrderId.slice(-12).toUpperCase()}`, parentMatchId: accepted.data['matchId'],
    lines: [{ variantId: variantByCode('AZG-COW-BLK').variant.id, quantity: 830, shipTo: producers.gamak.place, neededBy: plusDays(stage.clock.today(), 60), terms: terms.open30 }],
  }, `scenario-${inputOrderId}`);
  debt.caseId = String((await stage.told(inputOrderId, ['ReceivableOpened'])).data['caseId']);
  await stage.told(orderId, ['InstrumentEndorsed']);
  await stage.told(orderId, ['CaseSettled'], season);
  return { orderId, inputOrderId };
};

export const scenarios: Readonly<Record<string, Scenario>> = {
  'partial-receipt': partialReceipt,
  dishonour,
  'double-finance': doubleFinance,
  'late-bank': lateBank,
  'return-after-finance': returnAfterFinance,
  'endorse-to-supplier': endorseToSupplier,
};
