import { InvoiceApproved, GoodsReceived, MatchMade, PurchaseOrderAccepted } from '@peyvand/contracts';
import { newId, rials, shebaOf, type Money } from '@peyvand/kernel';
import type { Role } from '@peyvand/platform';
import { aParty, testService, type Person, type TestApp, type TestOptions } from '@peyvand/testing';
import type { Mood } from '../src/ports/simulated-bank.js';
import { financing } from '../src/index.js';

/** The match and invoice of one delivery, with the ids a test speaks of. */
export type Deal = { readonly orderId: string; readonly matchId: string; readonly invoiceId: string; readonly shipmentId: string; readonly buyerId: string; readonly sellerId: string };
export type Terms = { readonly days: number; readonly base: 'invoice'; readonly instrument: 'barat' | 'safte' | 'open' | 'cash' };

export const face = '4382400000';
const barat90: Terms = { days: 90, base: 'invoice', instrument: 'barat' };

/** One buyer, one seller, its supplier and three funders, speaking HTTP to financing; what other services say is handed over as facts. */
export const aTrade = async (options: TestOptions = {}) => {
  const app = await testService(financing, { start: '2026-09-13T06:00:00Z', ...options });
  const ids = { buyer: aParty(), seller: aParty(), supplier: aParty(), bankA: aParty(), bankB: aParty(), bankC: aParty(), stranger: aParty() };
  const as = (party: string, ...roles: Role[]): Person => app.as({ party, roles });
  const people = {
    operator: app.as({ party: aParty(), roles: ['operator'] }),
    approver: as(ids.buyer, 'approver'), signatory: app.as({ party: ids.buyer, roles: ['signatory'], subject: 'signatory-1' }), second: app.as({ party: ids.buyer, roles: ['signatory'], subject: 'signatory-2' }),
    seller: as(ids.seller, 'producer'), supplier: as(ids.supplier, 'producer'), bankA: as(ids.bankA, 'funder'), bankB: as(ids.bankB, 'funder'), bankC: as(ids.bankC, 'funder'),
    strangeFunder: as(ids.stranger, 'funder'), strangeProducer: as(ids.stranger, 'producer'), strangeBuyer: as(ids.stranger, 'buyer', 'approver', 'signatory'),
  };
  const ok = async (reply: Promise<{ status: number; body: any }>): Promise<any> => { // eslint-disable-line @typescript-eslint/no-explicit-any -- a test states the fields it expects
    const { status, body } = await reply;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };
  for (const [n, funder] of [ids.bankA, ids.bankB, ids.bankC].entries()) {
    await ok(people.operator.post('/api/financing/funders', { id: funder, kind: 'bank', name: `Bank ${n}`, sheba: shebaOf('056', String(100 + n)) }));
  }
  await ok(people.seller.post('/api/financing/accounts', { sheba: shebaOf('012', '777') }));
  await ok(people.approver.post('/api/financing/mandates', { persons: ['signatory-1'], ceiling: '500000000000', validUntil: '2030-01-01' }));
  await app.settle();

  const trade = {
    app, ids, people, ok,
    mood: (mood: Partial<Mood>) => ok(people.operator.put('/api/financing/demo/bank', mood)),
    limit: (by: Person, amount = '500000000000', validUntil = '2027-03-20', debtorId: string = ids.buyer) => ok(by.post('/api/financing/limits', { debtorId, amount, validUntil })),
    taken: async () => (await app.sql('select coalesce(sum(taken), 0)::text as taken from limits'))[0]?.['taken'] as string,
    /** MatchMade and PurchaseOrderAccepted. */
    match: async ({ amount = '4150000000', terms = barat90, buyerId = ids.buyer as string, sellerId = ids.seller as string } = {}): Promise<Deal> => {
      const deal = { orderId: newId(), matchId: newId(), buyerId, sellerId };
      const data = { ...MatchMade.sample, ...deal, terms, amount };
      await app.deliver([MatchMade.of(data), PurchaseOrderAccepted.of(data)]);
      return { ...deal, invoiceId: newId(), shipmentId: newId() };
    },
    /** What was accepted at the gate, and the approved invoice for it; answers the case. */
    invoice: async (deal: Deal, { gross = face, terms = barat90, dueOn = '2026-12-12', number = newId(), remaining = 0 } = {}): Promise<string> => {
      const { invoiceId, ...of } = deal;
      await app.deliver(GoodsReceived.of({ ...GoodsReceived.sample, ...of, remaining }));
      await app.deliver(InvoiceApproved.of({ ...InvoiceApproved.sample, ...deal, invoiceNumber: number, gross, terms, dueOn }));
      const [row] = await app.sql('select case_id from cases where invoice_id = $1', [invoiceId]);
      return row?.['case_id'] as string;
    },
    draw: (caseId: string) => ok(people.seller.post('/api/financing/instruments', { caseId })),
    accept: (instrumentId: string, body = {}) => people.signatory.post(`/api/financing/instruments/${instrumentId}/accept`, body),
    bid: async (by: Person, caseId: string, rate: number, fee = '0', validUntil = '2026-09-18T06:00:00Z'): Promise<string> =>
      (await ok(by.post(`/api/financing/cases/${caseId}/bids`, { rate, fee, maxFace: '5000000000', validUntil }))).bidId,
    view: async (by: Person, caseId: string) => ok(by.get(`/api/financing/cases/${caseId}`)),
    stage: async (caseId: string) => (await app.sql('select status from cases where case_id = $1', [caseId]))[0]?.['status'] as string,
    told: async () => (await app.facts()).map((fact) => fact.type.split('.').at(-2) as string),
    /** Sum over all accounts, from the operator's page. */
    ledger: async () => (await ok(people.operator.get('/api/financing/ledger/totals'))) as { sum: string; accounts: { account: string; balance: string }[]; activeLiens: number },
    balance: async (party: string, account: string): Promise<Money> => rials(String((await app.sql(
      `select coalesce(sum(case when debit_party = $1 and debit_kind = $2 then amount else 0 end - case when credit_party = $1 and credit_kind = $2 then amount else 0 end), 0)::text as b from transfers`, [party, account]))[0]?.['b'] ?? '0')),
    /** Accepted paper, open to bids. */
    bidding: async (terms: Terms = barat90): Promise<{ deal: Deal; caseId: string; instrumentId: string }> => {
      const deal = await trade.match({ terms });
      const caseId = await trade.invoice(deal, { terms });
      const { instrumentId } = await trade.draw(caseId);
      await ok(trade.accept(instrumentId));
      return { deal, caseId, instrumentId };
    },
    /** Bought by bank A at 23 %. */
    bought: async () => {
      const open = await trade.bidding();
      const bidId = await trade.bid(people.bankA, open.caseId, 2300);
      await ok(people.seller.post(`/api/financing/cases/${open.caseId}/choose`, { bidId }));
      await app.settle();
      return { ...open, bidId };
    },
  };
  return trade;
};

export type Trade = Awaited<ReturnType<typeof aTrade>>;
export type { TestApp };
