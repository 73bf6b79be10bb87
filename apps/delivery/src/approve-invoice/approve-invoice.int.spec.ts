import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreditNoteIssued, DisputeRaised, DisputeSettled, InvoiceApproved } from '@peyvand/contracts';
import { aParty } from '@peyvand/testing';
import { receivedTrade, startDelivery, type Given, type Trade } from '../../test/trade.js';

describe('after the invoice', () => {
  let given: Given;
  beforeAll(async () => { given = await startDelivery(); });
  afterAll(() => given?.app.close());
  const problem = (name: string) => ({ body: { type: `urn:peyvand:problem:${name}` } });
  const told = async (contract: typeof InvoiceApproved | typeof CreditNoteIssued | typeof DisputeRaised | typeof DisputeSettled, { match }: Trade) =>
    (await given.app.facts(contract as typeof InvoiceApproved)).filter((fact) => fact.key === match.orderId);
  const invoiced = async () => {
    const trade = await receivedTrade(given);
    const { body } = await trade.seller.post(`/api/delivery/shipments/${trade.shipmentId}/invoice`, { invoiceNumber: 'GMK-1405-118' });
    return { ...trade, invoiceId: body.invoiceId as string, approve: `/api/delivery/invoices/${body.invoiceId}/approve` };
  };
  const approved = async () => {
    const trade = await invoiced();
    await trade.maker.post(trade.approve);
    await trade.checker.post(trade.approve);
    return trade;
  };

  describe('approval', () => {
    it('takes two persons, in their order', async () => {
      const trade = await invoiced();
      expect(await trade.checker.post(trade.approve)).toMatchObject({ status: 403, ...problem('maker-needed') });
      expect(await trade.maker.post(trade.approve)).toMatchObject({ status: 200, body: { status: 'checked' } });
      expect(await trade.maker.post(trade.approve)).toMatchObject({ status: 403, ...problem('same-person') });
      expect(await given.app.as({ party: trade.match.buyerId, roles: ['buyer', 'approver'], subject: 'maker' }).post(trade.approve)).toMatchObject({ status: 403, ...problem('same-person') });
      expect(await told(InvoiceApproved, trade)).toEqual([]);
      expect(await trade.checker.post(trade.approve)).toMatchObject({ status: 200, body: { status: 'approved' } });
      expect(await told(InvoiceApproved, trade)).toMatchObject([{ data: { invoiceId: trade.invoiceId, gross: '4382400000', dueOn: '2026-12-12', approvedOn: '2026-09-13' } }]);
      expect(await trade.checker.post(trade.approve)).toMatchObject({ status: 409, ...problem('already-approved') });
    });

    it('names no person in the fact nor in the answer', async () => {
      const trade = await approved();
      const { body } = await trade.seller.get(`/api/delivery/invoices/${trade.invoiceId}`);
      expect(JSON.stringify([body, await told(InvoiceApproved, trade)])).not.toMatch(/"maker"|"checker"/);
    });

    it('repeated with its key approves once; of two at once one approves', async () => {
      const trade = await invoiced();
      await trade.maker.post(trade.approve);
      const replies = await Promise.all(['a', 'a', 'b'].map((idempotencyKey) => trade.checker.post(trade.approve, undefined, { idempotencyKey })));
      expect(replies.filter((reply) => reply.status === 200).length).toBeGreaterThan(0);
      expect(await told(InvoiceApproved, trade)).toHaveLength(1);
    });

    it('on an old version, or by another house, does nothing', async () => {
      const trade = await invoiced();
      expect(await trade.maker.post(trade.approve, undefined, { headers: { 'if-match': '"9"' } })).toMatchObject({ status: 412 });
      expect(await given.app.as({ party: aParty(), roles: ['buyer'] }).post(trade.approve)).toMatchObject({ status: 404 });
      expect(await trade.seller.post(trade.approve)).toMatchObject({ status: 403, ...problem('not-yours-to-approve') });
    });
  });

  describe('a dispute', () => {
    const raise = ({ seller, shipmentId }: Trade) => seller.post(`/api/delivery/shipments/${shipmentId}/disputes`, { reason: 'count' });

    it('holds approval back until it has ended', async () => {
      const trade = await invoiced();
      const { status, body } = await raise(trade);
      expect(status).toBe(201);
      expect(await raise(trade)).toMatchObject({ status: 409, ...problem('already-disputed') });
      expect(await trade.maker.post(trade.approve)).toMatchObject({ status: 409, ...problem('dispute-open') });
      const settle = `/api/delivery/disputes/${body.disputeId}/settle`;
      expect(await trade.seller.post(settle, { outcome: 'dismissed' })).toMatchObject({ status: 403 });
      expect(await given.app.as({ party: aParty(), roles: ['buyer'] }).post(settle, { outcome: 'upheld' })).toMatchObject({ status: 404 });
      expect(await trade.seller.post(settle, { outcome: 'withdrawn' })).toMatchObject({ status: 200, body: { outcome: 'withdrawn' } });
      expect(await trade.seller.post(settle, { outcome: 'withdrawn' })).toMatchObject({ status: 409 });
      expect(await trade.maker.post(trade.approve)).toMatchObject({ status: 200 });
      expect([await told(DisputeRaised, trade), await told(DisputeSettled, trade)].map((facts) => facts.length)).toEqual([1, 1]);
    });

    it('is conceded by the other side or decided by the operator', async () => {
      const [conceded, decided] = [await invoiced(), await invoiced()];
      const [one, two] = [await raise(conceded), await raise(decided)];
      expect(await conceded.maker.post(`/api/delivery/disputes/${one.body.disputeId}/settle`, { outcome: 'upheld' })).toMatchObject({ status: 200 });
      expect(await given.operator.post(`/api/delivery/disputes/${two.body.disputeId}/settle`, { outcome: 'dismissed' })).toMatchObject({ status: 200 });
    });
  });

  describe('a return', () => {
    const back = ({ storekeeper, invoiceId, lineId }: Trade & { invoiceId: string }, quantity: number, options = {}) =>
      storekeeper.post(`/api/delivery/invoices/${invoiceId}/returns`, { lines: [{ lineId, quantity }], reason: 'return' }, options);

    it('credits what came back, once, and never more than was invoiced', async () => {
      const trade = await approved();
      const first = await back(trade, 10, { idempotencyKey: 'back' });
      expect(first).toMatchObject({ status: 201, body: { gross: '45650000', lines: [{ amount: '41500000', vat: '4150000' }] } });
      expect(await back(trade, 10, { idempotencyKey: 'back' })).toMatchObject({ status: 201, body: first.body });
      expect(await back(trade, 951)).toMatchObject({ status: 422, body: { returnable: 950 } });
      const both = await Promise.all([back(trade, 950), back(trade, 950)]);
      expect(both.map((reply) => reply.status).sort()).toEqual([201, 422]);
      const notes = await given.app.sql('select sum(gross)::text as credited from credit_notes where invoice_id = $1', [trade.invoiceId]);
      expect(notes).toEqual([{ credited: '4382400000' }]);
      expect(await told(CreditNoteIssued, trade)).toHaveLength(2);
    });

    it('waits for approval and is nobody else’s', async () => {
      const trade = await invoiced();
      expect(await back(trade, 1)).toMatchObject({ status: 409, ...problem('invoice-not-approved') });
      expect(await back({ ...trade, storekeeper: given.app.as({ party: aParty(), roles: ['storekeeper'] }) }, 1)).toMatchObject({ status: 404 });
      expect(await back({ ...(await approved()), storekeeper: trade.seller }, 1)).toMatchObject({ status: 404 });
    });
  });
});
