import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GoodsReceived, InvoiceApproved, MatchMade, PurchaseOrderAccepted, ReceivableOpened } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { statementsOf, sumOfCounts } from '../../test/statements.js';
import { aTrade, face, type Deal, type Trade } from '../../test/trade.js';

const terms = { days: 90, base: 'invoice', instrument: 'open' } as const;

describe('approved invoices become receivables', () => {
  let t: Trade;
  beforeEach(async () => {
    t = await aTrade();
    await t.limit(t.people.bankA, '9000000000000');
  });
  afterEach(() => t?.app.close());
  const approved = (deal: Deal, more = {}) => InvoiceApproved.of({ ...InvoiceApproved.sample, ...deal, invoiceNumber: newId(), terms, ...more });
  const deals = (count: number): Deal[] =>
    Array.from({ length: count }, () => ({ orderId: newId(), matchId: newId(), invoiceId: newId(), shipmentId: newId(), buyerId: t.ids.buyer, sellerId: t.ids.seller }));
  const heard = async (many: readonly Deal[]): Promise<void> => {
    const agreed = many.map(({ invoiceId: _i, shipmentId: _s, ...deal }) => ({ ...MatchMade.sample, ...deal, terms, amount: '4150000000' }));
    await t.app.deliver([...agreed.map((data) => MatchMade.of(data)), ...agreed.map((data) => PurchaseOrderAccepted.of(data))]);
    await t.app.deliver(many.map(({ invoiceId: _i, ...deal }) => GoodsReceived.of({ ...GoodsReceived.sample, ...deal })));
  };

  it('a batch takes as many statements as one', async () => {
    const counts: number[] = [];
    for (const size of [1, 100]) {
      const many = deals(size);
      counts.push(sumOfCounts(await statementsOf(async () => {
        await heard(many);
        await t.app.deliver(many.map((deal) => approved(deal)));
      })));
    }
    expect(await t.app.facts(ReceivableOpened)).toHaveLength(101);
    expect(await t.taken()).toBe(String(101n * BigInt(face)));
    expect(counts[1]).toBe(counts[0]);
    expect(await t.app.parked()).toEqual([]);
  });

  it('one invoice is one receivable, however often it is told', async () => {
    const [deal] = deals(1);
    if (deal === undefined) return;
    await heard([deal]);
    const fact = approved(deal);
    expect(await t.app.deliver(fact, { id: newId() })).toMatchObject({ handled: 1 });
    expect(await t.app.deliver(fact, { id: newId() })).toMatchObject({ handled: 1, diverted: 0 });
    expect(await t.app.facts(ReceivableOpened)).toHaveLength(1);
    expect((await t.app.sql('select count(*)::int as n from transfers'))[0]).toEqual({ n: 1 });
  });

  // Orders and delivery keep no order between them.
  it('a purchase order heard after its goods and invoice carries their debt, and holds nothing beside it', async () => {
    const [deal] = deals(1);
    if (deal === undefined) return;
    const { invoiceId: _i, shipmentId: _s, ...of } = deal;
    const agreed = { ...MatchMade.sample, ...of, terms, amount: '4150000000' };
    await t.app.deliver(MatchMade.of(agreed));
    await t.app.deliver(GoodsReceived.of({ ...GoodsReceived.sample, ...of, shipmentId: deal.shipmentId }));
    await t.app.deliver(approved(deal));
    expect(await t.taken()).toBe('0');
    await t.app.deliver(PurchaseOrderAccepted.of(agreed));
    expect(await t.taken()).toBe(face);
  });

  it('the same invoice under another id, or one claimed elsewhere, parks alone; the others of its batch go on', async () => {
    const { people, ids, ok, app } = t;
    const many = deals(4);
    await heard(many);
    const [first, again, claimed, good] = many;
    if (first === undefined || again === undefined || claimed === undefined || good === undefined) return;
    await app.deliver(approved(first, { invoiceNumber: 'ف-ی۱۲' }));
    const claim = { sellerId: ids.seller, buyerId: ids.buyer, invoiceNumber: 'GMK/77', amount: face, issuedOn: '2026-09-13' };
    expect((await ok(people.bankB.post('/api/financing/receivables/claims', claim))).claimedOn).toBe('2026-09-13');
    expect((await people.bankB.post('/api/financing/receivables/claims', claim)).status).toBe(201);
    expect(await people.bankC.post('/api/financing/receivables/claims', claim)).toMatchObject({ status: 409, body: { lien: { kind: 'outside', on: '2026-09-13', yours: false } } });
    await app.deliver([approved(again, { invoiceNumber: 'ف ي 12' }), approved(claimed, { invoiceNumber: 'gmk-77' }), approved(good)]);
    const opened = (await app.facts(ReceivableOpened)).map(({ data }) => data.invoiceId);
    expect(opened.sort()).toEqual([first.invoiceId, good.invoiceId].sort());
    await app.settle();
    expect((await app.parked()).map((row) => row['key']).sort()).toEqual([again.orderId, claimed.orderId].sort());
  });

  it('what falls due together is paid with few statements each', async () => {
    const many = deals(40);
    await heard(many);
    await t.app.deliver(many.map((deal) => approved(deal)));
    await t.app.clock.advanceTo('2026-12-12T04:29:00Z');
    const counts = await statementsOf(() => t.app.clock.advanceTo('2026-12-12T04:31:00Z'));
    expect((await t.app.sql(`select count(*)::int as n from cases where status = 'settled'`))[0]).toEqual({ n: 40 });
    const each = sumOfCounts(counts) / 40;
    expect(each).toBeLessThanOrEqual(17);
    expect(await t.taken()).toBe('0');
    expect(await t.app.parked()).toEqual([]);
  });
});
