import { describe, expect, it } from '@jest/globals';
import { basisPoints, rials, type PartyId } from '@peyvand/kernel';
import fc from 'fast-check';
import { purchaseOf } from './debt-purchase.js';
import { bankA, buyer, face, ids, seller, supplier } from './examples.js';
import { balancesOf, reversalOf, transfersOf, type AccountKind, type Happening, type Transfer } from './ledger.js';

const { profit, fee, net } = purchaseOf({ face, days: 90, yearDays: 365 }, { rate: basisPoints(2300), fee: rials(1_000_000) });
const inCase = { caseId: ids.case };

const happened = {
  opened: { ...inCase, id: 'opened', kind: 'receivable-opened', debtorId: buyer, ownerId: seller, amount: face },
  purchased: { ...inCase, id: 'purchased', kind: 'debt-purchased', sellerId: seller, funderId: bankA, face, profit, fee },
  disbursed: { ...inCase, id: 'disbursed', kind: 'funds-disbursed', sellerId: seller, funderId: bankA, amount: net },
  endorsed: { ...inCase, id: 'endorsed', kind: 'endorsed-at-face', fromId: seller, toId: supplier, face },
  collected: { ...inCase, id: 'collected', kind: 'payment-collected', debtorId: buyer, holderId: bankA, amount: face, overdue: false },
  failed: { ...inCase, id: 'failed', kind: 'payment-failed', holderId: bankA, amount: face },
  recourse: { ...inCase, id: 'recourse', kind: 'recourse-paid', holderId: bankA, byId: seller, amount: face },
  paidLate: { ...inCase, id: 'paid-late', kind: 'payment-collected', debtorId: buyer, holderId: seller, amount: face, overdue: true },
  lost: { ...inCase, id: 'lost', kind: 'written-off', holderId: bankA, amount: face },
  note: { ...inCase, id: 'note', kind: 'diluted', sellerId: seller, buyerId: buyer, amount: rials(45_650_000), treatment: 'seller-debt' },
  reserve: { ...inCase, id: 'reserve', kind: 'diluted', sellerId: seller, buyerId: buyer, amount: rials(45_650_000), treatment: 'reserve' },
} as const satisfies Record<string, Happening>;

const book = (...happenings: readonly Happening[]) => {
  const balances = balancesOf(happenings.flatMap(transfersOf));
  return (partyId: PartyId): Partial<Record<AccountKind, bigint>> =>
    Object.fromEntries([...balances].filter(([key, amount]) => key.startsWith(`${partyId}/`) && amount !== 0n).map(([key, amount]) => [key.split('/')[2], amount]));
};

describe('what each participant has', () => {
  it('bought and paid on the day: the funder has earned its profit and fee, the debtor has paid, nobody owes', () => {
    const of = book(happened.opened, happened.purchased, happened.disbursed, happened.collected);
    expect(of(seller)).toEqual({ cash: net, cost: profit + fee });
    expect(of(bankA)).toEqual({ cash: face - net, income: -(profit + fee) });
    expect(of(buyer)).toEqual({ cash: -face });
  });

  it('bought and not yet disbursed: the difference is in transit', () => {
    expect(book(happened.opened, happened.purchased)(seller)).toEqual({ transit: net, cost: profit + fee });
  });

  it('endorsed to a supplier at face, and paid', () => {
    const of = book(happened.opened, happened.endorsed, { ...happened.collected, holderId: supplier });
    expect([of(seller), of(supplier), of(buyer)]).toEqual([{ trade: face }, { cash: face, trade: -face }, { cash: -face }]);
  });

  it('endorsed to settle the case in which the seller owed the supplier', () => {
    const owes: Happening = { id: 'their-case', caseId: ids.otherCase, kind: 'receivable-opened', debtorId: seller, ownerId: supplier, amount: face };
    const of = book(happened.opened, owes, { ...happened.endorsed, settles: { caseId: ids.otherCase, overdue: false } });
    expect([of(seller), of(supplier)]).toEqual([{}, { claim: face }]);
  });

  it('not paid, recourse taken, then paid late to the seller', () => {
    const before = book(happened.opened, happened.purchased, happened.disbursed, happened.failed, happened.recourse);
    expect([before(bankA), before(seller), before(buyer)]).toEqual([
      { cash: face - net, income: -(profit + fee) },
      { cash: net - face, cost: profit + fee, overdue: face },
      { debt: -face },
    ]);
    const after = book(happened.opened, happened.purchased, happened.disbursed, happened.failed, happened.recourse, happened.paidLate);
    expect([after(seller), after(buyer)]).toEqual([{ cash: net, cost: profit + fee }, { cash: -face }]);
  });

  it('a write-off leaves the debtor’s debt standing', () => {
    const of = book(happened.opened, happened.purchased, happened.disbursed, happened.failed, happened.lost);
    expect([of(bankA).loss, of(buyer).debt]).toEqual([face, -face]);
  });

  it('a credit note beside accepted paper leaves the claim, without an undertaking it lowers it', () => {
    expect(book(happened.opened, happened.note)(seller)).toEqual({ claim: face, note: -45_650_000n });
    expect(book(happened.opened, happened.reserve)(seller)).toEqual({ claim: face - 45_650_000n });
  });

  it('a reversal undoes to the rial', () => {
    const rows = transfersOf(happened.purchased);
    expect([...balancesOf([...rows, ...reversalOf(rows, 'undone')]).values()].every((amount) => amount === 0n)).toBe(true);
  });

  it('a row without an amount is not written', () => expect(transfersOf({ ...happened.purchased, fee: rials(0) }).map(({ leg }) => leg)).toEqual([0, 1, 2]));
});

describe('for anything that happens', () => {
  const parties = fc.constantFrom(buyer, seller, bankA, supplier);
  const amount = fc.bigInt({ min: 1n, max: 10n ** 15n }).map((n) => rials(n));
  const happening: fc.Arbitrary<Happening> = fc
    .tuple(fc.constantFrom(...Object.values(happened)), fc.integer({ min: 0, max: 40 }), amount, parties, parties)
    .map(([like, n, sum, a, b]) => {
      const base = { ...like, id: `${like.kind}-${n}` } as Happening;
      if (base.kind === 'debt-purchased') return { ...base, face: sum, profit: rials(sum / 5n), fee: rials(sum / 100n), sellerId: a, funderId: b };
      if (base.kind === 'endorsed-at-face') return { ...base, face: sum, fromId: a, toId: b };
      return { ...base, amount: sum };
    });

  it('debits equal credits, in every happening and in all', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
        for (const h of happenings) expect([...balancesOf(transfersOf(h)).values()].reduce((a, b) => a + b, 0n)).toBe(0n);
        const rows = happenings.flatMap(transfersOf);
        expect(rows.every((row) => row.amount > 0n)).toBe(true);
        expect([...balancesOf(rows).values()].reduce((a, b) => a + b, 0n)).toBe(0n);
      }),
    );
  });

  it('only the opening brings a claim into the world: afterwards each participant’s book balances on its own', () => {
    fc.assert(
      fc.property(happening.filter((h) => h.kind !== 'receivable-opened' && h.kind !== 'diluted'), (h) => {
        const sums = new Map<string, bigint>();
        for (const [key, value] of balancesOf(transfersOf(h))) sums.set(key.slice(0, 36), (sums.get(key.slice(0, 36)) ?? 0n) + value);
        for (const sum of sums.values()) expect(sum).toBe(0n);
      }),
    );
  });

  it('replay with duplicates and in any order gives the same balances', () => {
    const unique = fc.uniqueArray(happening, { selector: (h) => h.id, maxLength: 20 });
    fc.assert(
      fc.property(unique, fc.infiniteStream(fc.nat()), (happenings, random) => {
        const rows = happenings.flatMap(transfersOf);
        const shuffled: Transfer[] = [...rows, ...rows].map((row) => ({ row, at: random.next().value ?? 0 })).sort((a, b) => a.at - b.at).map(({ row }) => row);
        const sorted = (m: ReadonlyMap<string, bigint>) => [...m].sort(([a], [b]) => (a < b ? -1 : 1));
        expect(sorted(balancesOf(shuffled))).toEqual(sorted(balancesOf(rows)));
      }),
    );
  });
});
