import { describe, expect, it } from '@jest/globals';
import { addDays, day, rials } from '@peyvand/kernel';
import fc from 'fast-check';
import { accepted, bankA, bankB, buyer, drawnOn, factsOf, ids, limitOf, of, reasonOf, seller, stranger } from './examples.js';
import { carry, chooseLimit, giveBack, headroom, holdsNothing, releaseUnused, releaseUse, reserve, setLimit, use, type Covered, type Limit, type Reservation } from './limit.js';

const on = drawnOn;
const ask = (amount: number) => ({ of, amount: rials(amount), on });

describe('a limit', () => {
  it('carries a debt again whose purchase came to nothing, and never one that was paid', () => {
    const bought = accepted(use(accepted(reserve(limitOf(bankA), undefined, { ...ask(100), for: 'purchase' })), ids.case, rials(100), on));
    expect(bought.reservation.for).toBe('purchase');
    const given = giveBack(bought, ids.case);
    expect([factsOf(given), accepted(given).limit.taken, factsOf(giveBack(accepted(given), ids.case))]).toEqual([['LimitReleased'], 0n, []]);
    expect(accepted(use(accepted(given), ids.case, rials(100), on)).limit.taken).toBe(100n);
    expect(accepted(use(accepted(releaseUse(bought, ids.case)), ids.case, rials(100), on)).limit.taken).toBe(0n);
  });

  it('is set with its fact, and a new amount keeps what is taken', () => {
    const set = { id: ids.limit, kind: 'funder', grantorId: bankA, debtorId: buyer, amount: rials(100), validUntil: day('2027-03-20') } as const;
    expect(factsOf(setLimit(undefined, set, on))).toEqual(['LimitSet']);
    const taken = limitOf(bankA, rials(1_000), { taken: rials(900) });
    const lowered = accepted(setLimit(taken, set, on));
    expect([lowered.amount, lowered.taken, headroom(lowered, on)]).toEqual([100n, 900n, 0n]);
  });

  it.each([
    ['of another grantor', { grantorId: bankB }, 'limit-belongs-to-another'],
    ['already over', { validUntil: addDays(on, -1) }, 'limit-already-expired'],
    ['below nothing', { amount: rials(-1) }, 'amount-negative'],
  ])('%s is refused', (_, changes, reason) => {
    const limit = limitOf(bankA);
    expect(reasonOf(setLimit(limit, { ...limit, ...changes }, on))).toBe(reason);
  });

  it.each([
    ['all of it', 1_000, {}, 'accepted'],
    ['one rial more', 1_001, {}, 'limit-exceeded'],
    ['nothing', 0, {}, 'amount-not-positive'],
    ['on its last day', 1, { validUntil: on }, 'accepted'],
    ['a day after', 1, { validUntil: addDays(on, -1) }, 'limit-expired'],
    ['for another debtor', 1, { debtorId: stranger }, 'other-debtor'],
  ])('reserving %s', (_, amount, changes, outcome) => expect(reasonOf(reserve(limitOf(bankA, rials(1_000), changes), undefined, ask(amount)))).toBe(outcome));

  it('is reserved once per match', () => {
    const first = accepted(reserve(limitOf(bankA, rials(1_000)), undefined, ask(700)));
    const again = reserve(first.limit, first.reservation, ask(700));
    expect(factsOf(again)).toEqual([]);
    expect(accepted(again)).toEqual(first);
    expect(reasonOf(reserve(first.limit, first.reservation, ask(800)))).toBe('already-reserved-differently');
  });

  it('carries an invoice, is free when that is paid and when the match is over', () => {
    const held = accepted(reserve(limitOf(bankA, rials(1_000)), undefined, ask(700)));
    const used = accepted(use(held, ids.case, rials(600), on));
    expect([used.limit.taken, used.reservation.unused]).toEqual([700n, 100n]);
    expect(accepted(use(used, ids.case, rials(600), on))).toEqual(used);
    const over = releaseUnused(used);
    expect(factsOf(over)).toEqual(['LimitReleased']);
    expect(accepted(over).limit.taken).toBe(600n);
    const paid = releaseUse(accepted(over), ids.case);
    expect(factsOf(paid)).toEqual(['LimitReleased']);
    expect(accepted(paid).limit.taken).toBe(0n);
    expect(holdsNothing(accepted(paid).reservation)).toBe(true);
    expect(factsOf(releaseUse(accepted(paid), ids.case))).toEqual([]);
    expect(accepted(use(accepted(paid), ids.case, rials(600), on)).limit.taken).toBe(0n);
  });

  it('an invoice above the reservation needs room for the difference', () => {
    const held = accepted(reserve(limitOf(bankA, rials(1_000)), undefined, ask(700)));
    expect(accepted(use(held, ids.case, rials(1_000), on)).limit.taken).toBe(1_000n);
    expect(reasonOf(use(held, ids.case, rials(1_001), on))).toBe('limit-exceeded');
    // A debt is carried as far as the limit reaches, and the rest of it when there is room.
    const carried = accepted(carry(held, ids.case, rials(1_001), on));
    expect([carried.limit.taken, carried.reservation.unused, carried.reservation.uses]).toEqual([1_000n, 0n, { [ids.case]: 1_000n }]);
    expect(reasonOf(use(carried, ids.case, rials(1_001), on))).toBe('limit-exceeded');
    expect(accepted(use({ ...carried, limit: { ...carried.limit, amount: rials(1_001) } }, ids.case, rials(1_001), on)).limit.taken).toBe(1_001n);
    // What came in part asks for its rest when there is room, and for as much of it as there is.
    const grown = accepted(carry({ ...carried, limit: { ...carried.limit, amount: rials(1_002) } }, ids.case, rials(1_005), on));
    expect([grown.limit.taken, grown.reservation.uses]).toEqual([1_002n, { [ids.case]: 1_002n }]);
    expect(accepted(carry(grown, ids.case, rials(1_005), on))).toEqual(grown);
    expect(accepted(releaseUse(carried, ids.case)).limit.taken).toBe(0n);
  });
});

describe('the limit that carries a match', () => {
  const limits: readonly Limit[] = [
    limitOf(bankA, rials(500), { id: 'a' }),
    limitOf(bankB, rials(900), { id: 'b', taken: rials(100) }),
    limitOf(seller, rials(5_000), { id: 's', kind: 'seller' }),
    limitOf(stranger, rials(9_000), { id: 'x', kind: 'seller' }),
    limitOf(stranger, rials(9_000), { id: 'y', debtorId: stranger }),
    limitOf(stranger, rials(9_000), { id: 'z', validUntil: addDays(on, -1) }),
  ];
  it.each([
    [400, 'b'],
    [800, 'b'],
    [801, 's'],
    [5_001, 'limit-too-small'],
  ])('for %i is %s', (amount, chosen) => {
    const decision = chooseLimit(limits, of, rials(amount), on);
    expect(decision.ok ? decision.state.id : decision.reason).toBe(chosen);
    expect(chooseLimit([...limits].reverse(), of, rials(amount), on)).toEqual(decision);
  });

  it('is missing when nobody set one', () => expect(reasonOf(chooseLimit(limits.slice(3), of, rials(1), on))).toBe('no-limit'));
});

it('whatever is asked in whatever order and however often, a limit is never passed and holds exactly what reservations hold', () => {
  const command = fc.record({ match: fc.integer({ min: 0, max: 3 }), kase: fc.integer({ min: 0, max: 2 }), amount: fc.integer({ min: 1, max: 600 }), does: fc.constantFrom('reserve', 'use', 'release-unused', 'release-use', 'give-back') });
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
      let limit = limitOf(bankA, rials(1_000));
      const held = new Map<number, Reservation>();
      for (const { match, kase, amount, does } of commands) {
        const reservation = held.get(match);
        const caseId = `${match}-${kase}`;
        const decision = does === 'reserve'
          ? reserve(limit, reservation, { of: { ...of, matchId: of.matchId.slice(0, -1) + String(match) }, amount: rials(amount), on })
          : reservation === undefined ? undefined
          : does === 'use' ? use({ limit, reservation }, caseId, rials(amount), on)
          : does === 'release-unused' ? releaseUnused({ limit, reservation })
          : does === 'give-back' ? giveBack({ limit, reservation }, caseId)
          : releaseUse({ limit, reservation }, caseId);
        if (decision?.ok) {
          const covered: Covered = decision.state;
          limit = covered.limit;
          held.set(match, covered.reservation);
        }
        const sum = [...held.values()].reduce((all, r) => all + r.unused + Object.values(r.uses).reduce((a, b) => a + b, 0n), 0n);
        expect(limit.taken).toBe(sum);
        expect(limit.taken <= limit.amount && limit.taken >= 0n).toBe(true);
      }
    }),
  );
});
