import { newId } from '@peyvand/kernel';
import { terms, variantByCode } from '../world/goods.js';
import { networks, producers } from '../world/parties.js';
import { plusDays } from '../seed-world/seed-world.js';
import type { Stage } from './stage.js';

/** What a scenario ended with: its order, and whatever else it has to show. */
export type Ending = { readonly orderId: string; readonly [more: string]: unknown };

export type Scenario = (stage: Stage) => Promise<Ending>;

const sneakers = { buyer: 'narvan', code: 'GMK-SNK-31', quantity: 300, terms: terms.barat60 } as const;

/** Fewer arrive than were sent, a few are bad: invoice, paper and money follow what was accepted. */
const partialReceipt: Scenario = async (stage) => {
  const orderId = await stage.still(async () => {
    const id = await stage.order({ ...sneakers, script: { receipt: [{ short: 12, rejected: 8 }] } });
    await stage.told(id, ['FundsDisbursed']);
    return id;
  });
  await stage.until(orderId, ['OrderClosed']);
  return { orderId };
};

/** The buyer does not pay at maturity: protest within ten days, recourse to the drawer, who pays. */
const dishonour: Scenario = async (stage) => {
  const orderId = await stage.still(async () => {
    const id = await stage.order({ ...sneakers, buyer: 'mehrayin', script: {} });
    await stage.told(id, ['FundsDisbursed']);
    return id;
  });
  // The law gives ten days for the protest, and ten days are five seconds here: small steps, and the clock held until people have acted.
  const failed = await stage.still(async () => {
    const notPaid = await stage.withBank({ collections: { [networks.mehrayin.id]: 'refuse' } }, () => stage.until(orderId, ['PaymentFailed'], 2));
    await stage.told(orderId, ['RecoursePaid']);
    return notPaid;
  });
  await stage.until(orderId, ['CaseSettled']);
  return { orderId, failed: failed.data };
};

/** A second bank is offered the same invoice, spelled with other letters: refused, and the lien is named. */
const doubleFinance: Scenario = async (stage) => {
  const number = `کفش گامک یک-${newId().slice(-6)}`;
  const { orderId, check } = await stage.still(async () => {
    const id = await stage.order({ ...sneakers, script: { invoiceNumber: number } });
    await stage.told(id, ['FundsDisbursed']);
    const { data } = await stage.told(id, ['InvoiceIssued']);
    const invoice = { sellerId: data['sellerId'], buyerId: data['buyerId'], amount: data['gross'], issuedOn: data['issuedOn'] };
    const spelled = { ...invoice, invoiceNumber: number.replaceAll('ک', 'ك').replaceAll('ی', 'ي') };
    return { orderId: id, check: await stage.as('pezhvak.funder').send('POST', '/api/financing/receivables/check', spelled, `check-${id}`) };
  });
  await stage.until(orderId, ['CaseSettled']);
  return { orderId, check };
};

/** The bank answers late, and twice: the seller is paid once. */
const lateBank: Scenario = async (stage) => {
  const orderId = await stage.withBank({ payments: 'twice', delayMs: 2_000 }, () => stage.still(async () => {
    const id = await stage.order({ ...sneakers, script: {} });
    await stage.told(id, ['FundsDisbursed'], 90_000);
    return id;
  }));
  await stage.until(orderId, ['CaseSettled']);
  return { orderId, disbursements: (await stage.story(orderId)).filter(({ type }) => type.includes('FundsDisbursed')).length };
};

/** Goods come back after the paper was bought: its face stands, the credit note is the seller's debt to the buyer. */
const returnAfterFinance: Scenario = async (stage) => {
  const orderId = await stage.still(async () => {
    const id = await stage.order({ ...sneakers, script: {} });
    await stage.told(id, ['FundsDisbursed']);
    const { data } = await stage.told(id, ['InvoiceIssued']);
    const [line] = data['lines'] as { lineId: string }[];
    await stage.as('narvan.storekeeper').send('POST', `/api/delivery/invoices/${String(data['invoiceId'])}/returns`, { lines: [{ lineId: line?.lineId, quantity: 10 }], reason: 'return' }, `return-${id}`);
    await stage.told(id, ['DilutionRecorded']);
    return id;
  });
  await stage.until(orderId, ['CaseSettled']);
  return { orderId };
};

/** The seller pays its own supplier with the paper, at face: a chain, not a pair. */
const endorseToSupplier: Scenario = async (stage) => {
  const { orderId, inputOrderId } = await stage.still(async () => {
    const debt: { caseId?: string } = {};
    const id = await stage.order({ ...sneakers, quantity: 232, terms: terms.barat90, script: { paper: { endorseTo: producers.azargoun.id, settles: () => debt.caseId } } });
    const accepted = await stage.told(id, ['PurchaseOrderAccepted']);
    const input = newId();
    stage.give(input, { paper: 'keep' });
    await stage.as('gamak.producer').send('POST', '/api/orders', {
      id: input, poNumber: `SC-${input.slice(-12).toUpperCase()}`, parentMatchId: accepted.data['matchId'],
      lines: [{ variantId: variantByCode('AZG-COW-BLK').variant.id, quantity: 830, shipTo: producers.gamak.place, neededBy: plusDays(stage.clock.today(), 60), terms: terms.open30 }],
    }, `scenario-${input}`);
    debt.caseId = String((await stage.told(input, ['ReceivableOpened'], 90_000)).data['caseId']);
    await stage.told(id, ['InstrumentEndorsed'], 90_000);
    return { orderId: id, inputOrderId: input };
  });
  await stage.until(orderId, ['CaseSettled']);
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
