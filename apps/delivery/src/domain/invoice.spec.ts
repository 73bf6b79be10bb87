import { describe, expect, it } from '@jest/globals';
import { basisPoints, instant, rials } from '@peyvand/kernel';
import fc from 'fast-check';
import { returnGoods, type CreditNote } from './credit-note.js';
import { approveInvoice, issueInvoice, withdrawInvoice, type Approver, type Basis, type Invoice, type StatedLine } from './invoice.js';
import type { Receipt } from './receipt.js';
import { agreement, ids, noon } from '../../test/samples.js';

const line = { lineId: agreement.lines[0]?.lineId ?? '', variantId: agreement.lines[0]?.variantId ?? '' };
const receiptOf = (accepted: number): Receipt => ({
  id: ids.receipt, shipmentId: ids.shipment, receivedAt: noon, lines: [{ ...line, sent: 1000, received: accepted, short: 1000 - accepted, rejected: 0, accepted }],
});
const basis: Basis = { agreement, receipt: receiptOf(960), vatRate: () => basisPoints(1000), standing: [] };
const issue = (lines?: readonly StatedLine[], on: Basis = basis, by = agreement.sellerId) =>
  issueInvoice(on, { by, id: ids.invoice, invoiceNumber: 'GMK-1405-118', ...(lines === undefined ? {} : { lines }) }, noon);
const issued = (lines?: readonly StatedLine[]): Invoice => {
  const outcome = issue(lines);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.state;
};

describe('an invoice', () => {
  it('of the hero story comes to 4,382,400,000 rials and is due in 90 days', () => {
    const outcome = issue();
    expect(outcome).toMatchObject({ ok: true, state: { status: 'matched', goods: 3_984_000_000n, vat: 398_400_000n, gross: 4_382_400_000n, issuedOn: '2026-09-13', dueOn: '2026-12-12' } });
    expect(outcome.ok && outcome.events.map((fact) => fact.contract.name)).toEqual(['InvoiceIssued', 'InvoiceMatched']);
  });

  it.each<[string, StatedLine, string[]]>([
    ['the sent instead of the accepted quantity', { ...line, quantity: 1000 }, ['quantity 960 1000']],
    ['one pair too few', { ...line, quantity: 959 }, ['quantity 960 959']],
    ['a dearer price', { ...line, price: { amount: '4150001', per: 1 } }, ['price 4150000 4150001']],
    ['the same price on another base', { ...line, price: { amount: '49800000', per: 12 } }, []],
    ['a wrong amount', { ...line, amount: rials(3_984_000_001n) }, ['amount 3984000000 3984000001']],
    ['a wrong tax', { ...line, vat: rials(358_560_000n) }, ['vat 398400000 358560000']],
  ])('with %s', (_what, stated, differences) => {
    const invoice = issued([stated]);
    expect(invoice.status).toBe(differences.length === 0 ? 'matched' : 'discrepant');
    expect(invoice.status === 'discrepant' ? invoice.differences.map((d) => `${d.field} ${d.expected} ${d.found}`) : []).toEqual(differences);
  });

  it.each([
    ['by another than the seller', () => issue(undefined, basis, agreement.buyerId), 'not-yours-to-invoice'],
    ['of a shipment refused as a whole', () => issue(undefined, { ...basis, receipt: receiptOf(0) }), 'nothing-accepted'],
    ['beside one that stands', () => issue(undefined, { ...basis, standing: [{ status: 'matched' }] }), 'already-invoiced'],
    ['with a line of another order', () => issue([{ lineId: ids.stranger }]), 'line-unknown'],
    ['with a line twice', () => issue([line, line]), 'line-twice'],
  ])('is refused %s', (_what, act, reason) => {
    expect(act()).toMatchObject({ ok: false, reason });
  });

  it('that matches never asks for more than accepted × price', () => {
    const stated = fc.record({ quantity: fc.integer({ min: 0, max: 1100 }), amount: fc.bigInt(0n, 5_000_000_000n).map(rials), price: fc.record({ amount: fc.integer({ min: 4_149_990, max: 4_150_010 }).map(String), per: fc.constant(1) }) }, { requiredKeys: [] });
    fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), stated, (accepted, words) => {
      const outcome = issue([{ ...line, ...words }], { ...basis, receipt: receiptOf(accepted) });
      if (outcome.ok && outcome.state.status === 'matched') expect(outcome.state.goods).toBe(BigInt(accepted) * 4_150_000n);
    }));
  });
});

describe('approval', () => {
  const matched = issued();
  const [maker, checker]: [Approver, Approver] = [
    { party: agreement.buyerId, subject: 'maryam', maker: true, checker: false }, { party: agreement.buyerId, subject: 'reza', maker: false, checker: true },
  ];
  const checked: Invoice = { ...matched, status: 'checked', checkedBy: 'maryam' };
  const approved: Invoice = { ...checked, status: 'approved', approvedBy: 'reza', approvedOn: checked.issuedOn };
  const discrepant = issued([{ ...line, quantity: 1000 }]);
  const replaced: Invoice = { ...matched, status: 'replaced' };

  it.each<[string, Invoice, Approver, number, string]>([
    ['a matched invoice, the maker', matched, maker, 0, 'checked'],
    ['a matched invoice, the checker alone', matched, checker, 0, 'maker-needed'],
    ['a checked invoice, the checker', checked, checker, 0, 'approved'],
    ['a checked invoice, another maker', checked, { ...maker, subject: 'sara' }, 0, 'checker-needed'],
    ['a checked invoice, the maker with the checker’s role', checked, { ...maker, checker: true }, 0, 'same-person'],
    ['an approved invoice', approved, checker, 0, 'already-approved'],
    ['a discrepant invoice', discrepant, maker, 0, 'invoice-not-matched'],
    ['a replaced invoice', replaced, maker, 0, 'invoice-not-matched'],
    ['a disputed invoice', checked, checker, 1, 'dispute-open'],
    ['another buyer’s invoice', matched, { ...maker, party: ids.stranger }, 0, 'not-yours-to-approve'],
  ])('%s', (_what, invoice, by, disputes, expected) => {
    const outcome = approveInvoice(invoice, by, disputes, noon);
    expect(outcome.ok ? outcome.state.status : outcome.reason).toBe(expected);
  });

  it.each<[Invoice, string]>([[matched, 'invoice-not-discrepant'], [checked, 'invoice-not-discrepant'], [approved, 'invoice-not-discrepant'], [replaced, 'invoice-not-discrepant'], [discrepant, 'replaced']])(
    'only a discrepant invoice is replaced (%#)', (invoice, expected) => {
      const outcome = withdrawInvoice(invoice, agreement.sellerId);
      expect(outcome.ok ? outcome.state.status : outcome.reason).toBe(expected);
    });

  it('dates the approval by the civil day in Tehran', () => {
    expect(approveInvoice(checked, checker, 0, instant('2026-09-13T21:00:00Z'))).toMatchObject({ state: { approvedOn: '2026-09-14' } });
  });

  describe('returns', () => {
    const give = (quantity: number, earlier: readonly CreditNote[] = [], invoice: Invoice = approved) =>
      returnGoods(invoice, earlier, { by: agreement.buyerId, id: ids.note, lines: [{ lineId: line.lineId, quantity }], reason: 'return' });

    it('of ten pairs credit 45,650,000 rials', () => {
      expect(give(10)).toMatchObject({ ok: true, state: { gross: 45_650_000n, lines: [{ amount: 41_500_000n, vat: 4_150_000n }] } });
    });

    it.each([[matched], [checked], [discrepant], [replaced]])('wait for approval (%#)', (invoice) => {
      expect(give(1, [], invoice)).toMatchObject({ ok: false, reason: 'invoice-not-approved' });
    });

    it('never exceed what was invoiced, and all of them together are exactly it', () => {
      fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }), fc.bigInt(1n, 10_000_000n), (parts, amount) => {
        const odd: Invoice = { ...approved, lines: approved.lines.map((one) => ({ ...one, amount: rials(amount) })) };
        const notes: CreditNote[] = [];
        let returned = 0;
        for (const quantity of [...parts, 960]) {
          const note = give(Math.min(quantity, Math.max(1, 960 - returned)), notes, odd);
          if (!note.ok) { expect(returned).toBe(960); break; }
          returned += note.state.lines[0]?.quantity ?? 0;
          notes.push(note.state);
          expect(note.state.gross).toBeGreaterThanOrEqual(0n);
        }
        const credited = notes.reduce((sum, note) => sum + (note.lines[0]?.amount ?? 0n), 0n);
        if (returned === 960) expect(credited).toBe(amount);
        expect(credited).toBeLessThanOrEqual(amount);
      }));
    });
  });
});
