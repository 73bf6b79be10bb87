import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CaseSettled, CreditNoteIssued, DebtPurchased, FinancingDeclined, FundsDisbursed, InstrumentDrawn, MatchReleased, PaymentCollected, PaymentFailed } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aTrade, face, type Trade } from './trade.js';

describe('stories of financing, through its rims', () => {
  let t: Trade;
  beforeEach(async () => void (t = await aTrade()));
  afterEach(async () => {
    const [parked, ledger] = await Promise.all([t?.app.parked(), t?.ledger()]);
    await t?.app.close();
    expect(parked).toEqual([]);
    expect(ledger?.sum).toBe('0');
  });
  const allBanks = async () => {
    for (const bank of ['bankA', 'bankB', 'bankC'] as const) await t.limit(t.people[bank]);
  };

  it('from the match to the settled case, with the figures of the story', async () => {
    const { app, people, ids, ok } = t;
    await allBanks();
    const deal = await t.match();
    expect(await t.taken()).toBe('4565000000');
    const caseId = await t.invoice(deal);
    // What was short and rejected is free as soon as nothing more will come.
    expect(await t.taken()).toBe(face);
    const drawn = await t.draw(caseId);
    expect(drawn).toMatchObject({ face: '4382400000', stampDuty: '2191200', maturity: '2026-12-12' });
    await ok(t.accept(drawn.instrumentId));
    const best = await t.bid(people.bankA, caseId, 2300);
    await t.bid(people.bankB, caseId, 2250, '30000000');
    await t.bid(people.bankC, caseId, 2400);
    const { items } = await ok(people.seller.get(`/api/financing/cases/${caseId}/bids`));
    // The lowest rate is not the best bid: its fee eats the difference.
    expect(items.map(({ rank, net, funderId }: { rank: number; net: string; funderId: string }) => ({ rank, net, funderId }))).toEqual([
      { rank: 1, net: '4147202489', funderId: ids.bankA }, { rank: 2, net: '4137547853', funderId: ids.bankC }, { rank: 3, net: '4122046723', funderId: ids.bankB }]);
    expect(await ok(people.seller.post(`/api/financing/cases/${caseId}/choose`, { bidId: best }))).toMatchObject({ net: '4147202489', days: 90 });
    await app.settle();
    expect(await t.stage(caseId)).toBe('bought');
    expect(await t.ledger()).toMatchObject({ sum: '0', activeLiens: 1, disbursed: '4147202489' });
    expect((await app.facts(DebtPurchased))[0]?.data).toMatchObject({ price: '4147202489', profit: '235197511', net: '4147202489', days: 90, yearDays: 365 });
    expect((await app.facts(InstrumentDrawn))[0]?.data).toMatchObject({ face: '4382400000', stampDuty: '2191200' });
    expect(await t.balance(ids.seller, 'cash')).toBe(4_147_202_489n);
    await app.clock.advance({ days: 90 });
    expect(await t.stage(caseId)).toBe('settled');
    expect((await t.told()).slice(6)).toEqual([
      'FinancingOpened', 'LimitReserved', 'ReceivableOpened', 'LimitReleased', 'InstrumentDrawn', 'InstrumentAccepted', 'BidPlaced', 'BidPlaced', 'BidPlaced', 'BidChosen',
      'InstrumentEndorsed', 'AssignmentNotified', 'DebtPurchased', 'FundsDisbursed', 'PaymentDue', 'PaymentCollected', 'CaseSettled', 'LimitReleased',
    ]);
    expect(await t.taken()).toBe('0');
    expect(await t.ledger()).toMatchObject({ activeLiens: 0 });
    for (const [party, account] of [[ids.buyer, 'debt'], [ids.seller, 'claim'], [ids.bankA, 'claim'], [ids.bankA, 'transit'], [ids.seller, 'transit']] as const) expect(await t.balance(party, account)).toBe(0n);
  });

  it('bought by another bank than the one that carried the match: the first is free, the second carries', async () => {
    await t.limit(t.people.bankA, '900000000000');
    await t.limit(t.people.bankB);
    const { caseId } = await t.bidding();
    const takenBy = async () => Object.fromEntries((await t.app.sql('select grantor_id, taken::text from limits')).map((row) => [row['grantor_id'], row['taken']]));
    expect(await takenBy()).toEqual({ [t.ids.bankA]: face, [t.ids.bankB]: '0' });
    const bidId = await t.bid(t.people.bankB, caseId, 2300);
    await t.ok(t.people.seller.post(`/api/financing/cases/${caseId}/choose`, { bidId }));
    await t.app.settle();
    expect(await takenBy()).toEqual({ [t.ids.bankA]: '0', [t.ids.bankB]: face });
    await t.app.clock.advance({ days: 90 });
    expect(await t.taken()).toBe('0');
  });

  it('dishonour: protested in time, the seller pays by way of recourse, the buyer pays the seller', async () => {
    const { app, ids, people, ok } = t;
    await t.limit(people.bankA);
    const { caseId, instrumentId } = await t.bought();
    await t.mood({ collections: { [ids.buyer]: 'refuse' } });
    await app.clock.advance({ days: 90 });
    expect(await t.stage(caseId)).toBe('failed');
    expect((await app.facts(PaymentFailed))[0]?.data).toMatchObject({ reason: 'insufficient-funds', protestBy: '2026-12-22' });
    expect(await people.seller.post(`/api/financing/instruments/${instrumentId}/protest`)).toMatchObject({ status: 403 });
    expect((await people.bankA.post(`/api/financing/cases/${caseId}/recourse`, { againstId: ids.seller })).body).toMatchObject({ type: 'urn:peyvand:problem:not-protested' });
    await app.clock.advance({ days: 3 });
    await ok(people.bankA.post(`/api/financing/instruments/${instrumentId}/protest`));
    expect(await ok(people.bankA.post(`/api/financing/cases/${caseId}/recourse`, { againstId: ids.seller }))).toMatchObject({ amount: face });
    expect((await t.view(people.seller, caseId)).recourseAgainst).toBe(ids.seller);
    await ok(people.seller.post(`/api/financing/cases/${caseId}/recourse/pay`));
    await app.settle();
    expect(await t.stage(caseId)).toBe('recourse-paid');
    expect(await t.balance(ids.bankA, 'overdue')).toBe(0n);
    // Whoever paid holds the paper: the platform asks the debtor for it again, in vain and then with success.
    await app.clock.advance({ days: 10 });
    expect(await t.stage(caseId)).toBe('recourse-paid');
    await t.mood({ collections: {} });
    await app.clock.advance({ days: 10 });
    expect((await app.facts(CaseSettled))[0]?.data).toMatchObject({ outcome: 'paid-by-recourse' });
    expect(await t.balance(ids.seller, 'cash')).toBe(4_147_202_489n);
    expect(await t.balance(ids.buyer, 'debt')).toBe(0n);
    expect(await t.taken()).toBe('0');
  });

  it('without protest the endorser is free on the eleventh day, and the buyer may still pay late', async () => {
    const { app, ids, people, ok } = t;
    await t.limit(people.bankA);
    const { caseId, instrumentId } = await t.bought();
    await t.mood({ collections: { [ids.buyer]: 'refuse' } });
    await app.clock.advance({ days: 90 });
    await app.clock.advanceTo('2026-12-22T20:29:00Z');
    expect(await t.stage(caseId)).toBe('failed');
    await app.clock.advanceTo('2026-12-22T20:30:00Z');
    expect(await t.stage(caseId)).toBe('recourse-lost');
    expect(await t.told()).toContain('RecourseLost');
    expect((await people.bankA.post(`/api/financing/instruments/${instrumentId}/protest`)).status).toBe(409);
    expect((await people.bankA.post(`/api/financing/cases/${caseId}/recourse`, { againstId: ids.seller })).status).toBe(409);
    // Slow enough that the second request comes while the first payment is on its way.
    await t.mood({ collections: {}, delayMs: 3_000 });
    await ok(people.approver.post(`/api/financing/cases/${caseId}/pay`));
    expect((await people.approver.post(`/api/financing/cases/${caseId}/pay`)).body).toMatchObject({ type: 'urn:peyvand:problem:payment-under-way' });
    await app.settle();
    expect(await t.stage(caseId)).toBe('settled');
    expect(await t.taken()).toBe('0');
  });

  it('written off: nobody pays by way of recourse any more', async () => {
    const { app, ids, people, ok } = t;
    await t.limit(people.bankA);
    const { caseId, instrumentId } = await t.bought();
    await t.mood({ collections: { [ids.buyer]: 'refuse' } });
    await app.clock.advance({ days: 92 });
    await ok(people.bankA.post(`/api/financing/instruments/${instrumentId}/protest`));
    await ok(people.bankA.post(`/api/financing/cases/${caseId}/recourse`, { againstId: ids.seller }));
    await ok(people.bankA.post(`/api/financing/cases/${caseId}/write-off`));
    expect((await people.seller.post(`/api/financing/cases/${caseId}/recourse/pay`)).body).toMatchObject({ type: 'urn:peyvand:problem:not-in-recourse' });
  });

  it('written off: the loss is the holder’s, the limit is free', async () => {
    const { app, ids, people, ok } = t;
    await t.limit(people.bankA);
    const { caseId } = await t.bought();
    await t.mood({ collections: { [ids.buyer]: 'refuse' } });
    expect((await people.bankA.post(`/api/financing/cases/${caseId}/write-off`)).body).toMatchObject({ type: 'urn:peyvand:problem:not-overdue' });
    await app.clock.advance({ days: 90 });
    expect((await people.seller.post(`/api/financing/cases/${caseId}/write-off`)).status).toBe(403);
    await ok(people.bankA.post(`/api/financing/cases/${caseId}/write-off`));
    await app.clock.advance({ days: 30 });
    expect((await app.facts(CaseSettled))[0]?.data).toMatchObject({ outcome: 'written-off' });
    expect([await t.taken(), (await t.ledger()).activeLiens, await t.balance(ids.bankA, 'loss')]).toEqual(['0', 0, 4_382_400_000n]);
  });

  it('double finance: the same invoice in other letters is refused and the lien named; of two choices one wins', async () => {
    const { app, ids, people, ok } = t;
    await allBanks();
    const deal = await t.match();
    const caseId = await t.invoice(deal, { number: 'کفش-گامک ی ۱۲' });
    const spelled = { sellerId: ids.seller, buyerId: ids.buyer, invoiceNumber: 'كفش گامك ي12', amount: face, issuedOn: '2026-09-13' };
    expect(await ok(people.bankC.post('/api/financing/receivables/check', spelled))).toEqual({ free: true, known: true });
    expect((await people.bankC.post('/api/financing/receivables/claims', spelled)).body).toMatchObject({ type: 'urn:peyvand:problem:traded-here' });
    const { instrumentId } = await t.draw(caseId);
    await ok(t.accept(instrumentId));
    const [a, b] = [await t.bid(people.bankA, caseId, 2300), await t.bid(people.bankB, caseId, 2310)];
    const choices = await Promise.all([a, b].map((bidId) => people.seller.post(`/api/financing/cases/${caseId}/choose`, { bidId })));
    expect(choices.map(({ status }) => status).sort()).toEqual([200, 409]);
    await app.settle();
    const lien = { kind: 'debt-purchase', on: '2026-09-13', yours: false };
    expect(await ok(people.bankC.post('/api/financing/receivables/check', spelled))).toEqual({ free: false, known: true, lien });
    expect(await people.bankC.post('/api/financing/receivables/claims', spelled)).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:already-under-lien', lien } });
    await expect(app.sql(`insert into liens values ($1, $2, $3, 'pledge', '2026-09-13', true, '{}')`, [newId(), caseId, ids.bankC])).rejects.toThrow('one_active_lien');
    expect(await app.facts(DebtPurchased)).toHaveLength(1);
  });

  it('late and twice: the seller is paid once', async () => {
    await t.limit(t.people.bankA);
    await t.mood({ payments: 'twice', delayMs: 50 });
    const { caseId } = await t.bought();
    expect(await t.stage(caseId)).toBe('bought');
    expect(await t.app.facts(FundsDisbursed)).toHaveLength(1);
    expect((await t.app.sql(`select times from simulated_bank_book b join payments p using (payment_id) where purpose = 'disburse'`))[0]?.['times']).toBe(2);
    expect(await t.balance(t.ids.seller, 'cash')).toBe(4_147_202_489n);
    await t.app.clock.advance({ days: 90 });
    expect(await t.app.facts(PaymentCollected)).toHaveLength(1);
  });

  it('refused: the paper comes back, the other bids stand and another bank buys; the first may bid again', async () => {
    const { app, ids, people, ok } = t;
    await t.limit(people.bankA, '900000000000');
    await t.limit(people.bankB);
    const { caseId } = await t.bidding();
    const [a, b] = [await t.bid(people.bankA, caseId, 2300), await t.bid(people.bankB, caseId, 2310)];
    await t.mood({ payments: 'refuse' });
    await ok(people.seller.post(`/api/financing/cases/${caseId}/choose`, { bidId: b }));
    await app.settle();
    expect([await t.stage(caseId), await t.taken(), (await t.ledger()).activeLiens]).toEqual(['bidding', face, 0]);
    expect(await t.view(people.seller, caseId)).toMatchObject({ holderId: ids.seller });
    expect((await people.seller.post(`/api/financing/cases/${caseId}/choose`, { bidId: b })).status).toBe(404);
    // A bank that was invited still sees the case that is open again, also one whose bid failed.
    const again = await t.bid(people.bankB, caseId, 2200);
    await t.mood({ payments: 'ok' });
    await ok(people.seller.post(`/api/financing/cases/${caseId}/choose`, { bidId: again }));
    await app.settle();
    expect(await app.sql('select grantor_id, taken::text from limits where taken > 0')).toEqual([{ grantor_id: ids.bankB, taken: face }]);
    expect((await people.bankA.get(`/api/financing/cases/${caseId}`)).status).toBe(404);
    expect((await app.sql('select standing from bids where bid_id = $1', [a]))[0]).toEqual({ standing: false });
    await app.clock.advance({ days: 90 });
    expect([await t.stage(caseId), await t.taken()]).toEqual(['settled', '0']);
  });

  it('a return after finance: the face stands and the note is the seller’s debt', async () => {
    await t.limit(t.people.bankA);
    const { deal, caseId } = await t.bought();
    const note = CreditNoteIssued.of({ ...CreditNoteIssued.sample, ...deal, creditNoteId: newId() });
    const id = newId();
    await t.app.deliver(note, { id });
    expect(await t.app.deliver(note, { id })).toMatchObject({ duplicates: 1 });
    expect(await t.balance(t.ids.buyer, 'note')).toBe(45_650_000n);
    await t.app.clock.advance({ days: 90 });
    expect((await t.app.facts(PaymentCollected))[0]?.data).toMatchObject({ amount: face });
    expect(await t.stage(caseId)).toBe('settled');
  });

  it('a return before the signature: what is accepted is what is bought, protested and paid by way of recourse', async () => {
    const { app, ids, people, ok } = t;
    await t.limit(people.bankA);
    const deal = await t.match();
    const caseId = await t.invoice(deal);
    const { instrumentId } = await t.draw(caseId);
    await app.deliver(CreditNoteIssued.of({ ...CreditNoteIssued.sample, ...deal, creditNoteId: newId() }));
    await ok(t.accept(instrumentId));
    const bidId = await t.bid(people.bankA, caseId, 2300);
    await ok(people.seller.post(`/api/financing/cases/${caseId}/choose`, { bidId }));
    await t.mood({ collections: { [ids.buyer]: 'refuse' } });
    await app.clock.advance({ days: 90 });
    await ok(people.bankA.post(`/api/financing/instruments/${instrumentId}/protest`));
    const accepted = String(BigInt(face) - 45_650_000n);
    expect(await ok(people.bankA.post(`/api/financing/cases/${caseId}/recourse`, { againstId: ids.seller }))).toMatchObject({ amount: accepted });
    await ok(people.seller.post(`/api/financing/cases/${caseId}/recourse/pay`));
    await app.settle();
    await t.mood({ collections: {} });
    await app.clock.advance({ days: 11 });
    expect(await t.stage(caseId)).toBe('settled');
    expect(await app.sql('select paper_status from cases')).toEqual([{ paper_status: 'paid' }]);
    const { sum, accounts } = await t.ledger();
    expect([sum, Object.fromEntries(accounts.map(({ account, balance }) => [account, balance]))]).toMatchObject(['0', { claim: '0', overdue: '0', debt: '0' }]);
  });

  it('a return on open terms: the buyer owes less, and nothing when all of it comes back', async () => {
    const terms = { days: 90, base: 'invoice', instrument: 'open' } as const;
    await t.limit(t.people.seller);
    for (const [gross, outcome] of [['45650000', 'unfinanced'], [face, 'settled']] as const) {
      const deal = await t.match({ terms });
      const caseId = await t.invoice(deal, { terms });
      await t.app.deliver(CreditNoteIssued.of({ ...CreditNoteIssued.sample, ...deal, creditNoteId: newId(), gross }));
      expect(await t.stage(caseId)).toBe(outcome);
    }
    await t.app.clock.advance({ days: 90 });
    expect((await t.app.facts(PaymentCollected)).map(({ data }) => data.amount)).toEqual(['4336750000']);
    expect(await t.taken()).toBe('0');
    expect(await t.balance(t.ids.seller, 'claim')).toBe(0n);
  });

  it('endorsed to a supplier at face, who is paid at maturity', async () => {
    const { app, ids, people, ok } = t;
    await t.limit(people.bankA);
    const { caseId } = await t.bidding();
    await ok(people.seller.post(`/api/financing/cases/${caseId}/endorse`, { toProducerId: ids.supplier }));
    expect(await t.view(people.supplier, caseId)).toMatchObject({ stage: 'endorsed', holderId: ids.supplier });
    expect((await people.supplier.get(`/api/financing/cases/${caseId}/bids`)).body.items).toEqual([]);
    await app.clock.advance({ days: 90 });
    expect([await t.stage(caseId), await t.balance(ids.supplier, 'cash'), await t.taken(), (await t.ledger()).activeLiens]).toEqual(['settled', 4_382_400_000n, '0', 0]);
  });

  it('endorsed in payment of a debt on the platform: that case is settled and its limit free', async () => {
    const { app, ids, people, ok } = t;
    const open = { days: 30, base: 'invoice', instrument: 'open' } as const;
    await t.limit(people.bankA);
    await t.limit(people.bankB, '20000000000', '2027-03-20', ids.seller);
    const debt = await t.match({ terms: open, buyerId: ids.seller, sellerId: ids.supplier, amount: '4200000000' });
    const debtId = await t.invoice(debt, { terms: open, gross: '4400000000', dueOn: '2026-10-13' });
    const { caseId } = await t.bidding();
    const endorse = (settlesCaseId: string) => people.seller.post(`/api/financing/cases/${caseId}/endorse`, { toProducerId: ids.supplier, settlesCaseId });
    expect((await endorse(newId())).body).toMatchObject({ type: 'urn:peyvand:problem:debt-not-found' });
    await ok(endorse(debtId));
    await app.settle();
    expect(await app.sql('select stage from (select status as stage from cases where case_id = $1) c', [debtId])).toEqual([{ stage: 'unfinanced' }]);
    await app.clock.advance({ days: 90 });
    expect((await app.facts(PaymentCollected)).map(({ data }) => data.amount)).toEqual([face, '17600000', face]);
    expect([await t.stage(debtId), await t.stage(caseId), await t.taken()]).toEqual(['settled', 'settled', '0']);
    expect(await t.balance(ids.seller, 'debt')).toBe(0n);
  });

  it('no limit, too small a limit, an expired one: declined with the reason, and nothing is reserved', async () => {
    await t.match();
    await t.limit(t.people.bankA, '1000000000', '2026-09-13');
    await t.match();
    await t.app.clock.advance({ days: 1 });
    await t.match();
    expect((await t.app.facts(FinancingDeclined)).map(({ data }) => data.reason)).toEqual(['no-limit', 'limit-too-small', 'no-limit']);
    expect(await t.app.sql('select 1 from reservations')).toEqual([]);
  });

  it('a released match gives back what it held', async () => {
    await t.limit(t.people.bankA);
    const { orderId, matchId, buyerId, sellerId } = await t.match();
    expect(await t.taken()).toBe('4565000000');
    await t.app.deliver(MatchReleased.of({ ...MatchReleased.sample, orderId, matchId, buyerId, sellerId }));
    expect(await t.taken()).toBe('0');
    expect((await t.told()).at(-1)).toBe('LimitReleased');
  });

  it('nobody answers within 24 hours: no paper, and the seller waits for its money', async () => {
    await t.limit(t.people.bankA);
    const caseId = await t.invoice(await t.match());
    await t.draw(caseId);
    await t.app.clock.advance({ hours: 24 });
    expect([await t.stage(caseId), (await t.told()).at(-1)]).toEqual(['unfinanced', 'InstrumentRefused']);
    await t.app.clock.advance({ days: 90 });
    expect([await t.stage(caseId), await t.taken()]).toEqual(['settled', '0']);
  });

  it('no bid in time: the seller keeps the paper to maturity', async () => {
    await t.limit(t.people.bankA);
    const { caseId } = await t.bidding();
    await t.app.clock.advance({ days: 5 });
    expect(await t.stage(caseId)).toBe('unfinanced');
    expect((await t.people.bankA.get(`/api/financing/cases/${caseId}`)).status).toBe(404);
    await t.app.clock.advance({ days: 90 });
    expect([await t.stage(caseId), await t.balance(t.ids.seller, 'cash')]).toEqual(['settled', 4_382_400_000n]);
  });
});
