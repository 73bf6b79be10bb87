import { LimitReleased, LimitReserved, LimitSet } from '@peyvand/contracts';
import { accept, refuse, rials, type Day, type Decision, type Money, type PartyId } from '@peyvand/kernel';
import { matchRefOf, type FinancingFact, type MatchRef } from './case-ref.js';

/** How much of one debtor a funder, or a seller on its own account, is ready to carry. `taken` is what reservations hold of it. */
export type Limit = {
  readonly id: string;
  readonly kind: 'funder' | 'seller';
  readonly grantorId: PartyId;
  readonly debtorId: PartyId;
  readonly amount: Money;
  readonly taken: Money;
  readonly validUntil: Day;
};

/** What one match holds of one limit: `unused` for goods still to be invoiced, `uses` for the cases that owe. One row per (limit, match). */
export type Reservation = {
  readonly limitId: string;
  /** `match`: made when both sides agreed, it carries every debt of the match. `purchase`: made by a funder that buys, it carries the debts it buys. */
  readonly for: 'match' | 'purchase';
  readonly of: MatchRef;
  /** As first asked for; a second ask for the same match must be the same. */
  readonly asked: Money;
  readonly unused: Money;
  readonly uses: Readonly<Record<string, Money>>;
  /** Cases whose debt is paid, so that a repeated payment frees nothing twice. */
  readonly freed: readonly string[];
};

export type Covered = { readonly limit: Limit; readonly reservation: Reservation };

export type SetLimit = Omit<Limit, 'taken'>;

/** A new amount below what is taken stops new reservations and voids none. */
export const setLimit = (limit: Limit | undefined, set: SetLimit, today: Day): Decision<Limit, FinancingFact, 'limit-belongs-to-another' | 'limit-already-expired' | 'amount-negative'> => {
  if (set.amount < 0n) return refuse('amount-negative');
  if (set.validUntil < today) return refuse('limit-already-expired');
  if (limit !== undefined && (limit.grantorId !== set.grantorId || limit.debtorId !== set.debtorId || limit.kind !== set.kind)) return refuse('limit-belongs-to-another');
  const { id, kind, grantorId, debtorId, amount, validUntil } = set;
  return accept({ ...set, taken: limit?.taken ?? rials(0) }, LimitSet.of({ limitId: id, kind, grantorId, debtorId, amount: String(amount), validUntil }));
};

export const headroom = (limit: Limit, on: Day): Money => (on > limit.validUntil || limit.taken >= limit.amount ? rials(0) : rials(limit.amount - limit.taken));

/**
 * The limit that shall carry a match: a funder's before the seller's own, the one with the most room first, so that room is spent evenly.
 * The answer is the same for the same limits in any order.
 */
export const chooseLimit = (limits: readonly Limit[], match: MatchRef, amount: Money, on: Day): Decision<Limit, never, 'no-limit' | 'limit-too-small'> => {
  const open = limits.filter((l) => l.debtorId === match.buyerId && (l.kind === 'funder' || l.grantorId === match.sellerId) && headroom(l, on) > 0n);
  if (open.length === 0) return refuse('no-limit');
  const [best] = open
    .filter((l) => headroom(l, on) >= amount)
    .sort((a, b) => byKind(a) - byKind(b) || Number(headroom(b, on) - headroom(a, on) > 0n) - Number(headroom(b, on) - headroom(a, on) < 0n) || (a.id < b.id ? -1 : 1));
  return best === undefined ? refuse('limit-too-small') : accept(best);
};

const byKind = ({ kind }: Limit): number => (kind === 'funder' ? 0 : 1);

export type Reserve = { readonly of: MatchRef; readonly amount: Money; readonly on: Day; readonly for?: Reservation['for'] };

/** Idempotent by match: the same ask again changes nothing. `held` is what the match already holds of this limit. */
export const reserve = (
  limit: Limit,
  held: Reservation | undefined,
  { of, amount, on, for: purpose = 'match' }: Reserve,
): Decision<Covered, FinancingFact, 'limit-exceeded' | 'limit-expired' | 'other-debtor' | 'already-reserved-differently' | 'amount-not-positive'> => {
  if (held !== undefined) return held.asked === amount ? accept({ limit, reservation: held }) : refuse('already-reserved-differently', { reserved: String(held.asked) });
  if (amount <= 0n) return refuse('amount-not-positive');
  if (limit.debtorId !== of.buyerId) return refuse('other-debtor');
  if (on > limit.validUntil) return refuse('limit-expired', { validUntil: limit.validUntil });
  if (amount > headroom(limit, on)) return refuse('limit-exceeded');
  const reservation: Reservation = { limitId: limit.id, for: purpose, of: matchRefOf(of), asked: amount, unused: amount, uses: {}, freed: [] };
  return accept({ limit: take(limit, amount), reservation }, LimitReserved.of(heldOf(limit, reservation, amount)));
};

/**
 * A debt takes its part of the reservation. What is above the part left unused needs room in the limit for the difference, or nothing is carried.
 * Idempotent by case: of a debt that is carried in part, the rest is asked for.
 */
export const use = ({ limit, reservation }: Covered, caseId: string, amount: Money, on: Day): Decision<Covered, FinancingFact, 'limit-exceeded' | 'amount-not-positive'> => {
  const more = rials(amount - (reservation.uses[caseId] ?? 0n));
  if (reservation.freed.includes(caseId) || (caseId in reservation.uses && more <= 0n)) return accept({ limit, reservation });
  if (amount <= 0n) return refuse('amount-not-positive');
  const beyond = rials(more > reservation.unused ? more - reservation.unused : 0n);
  if (beyond > 0n && beyond > headroom(limit, on)) return refuse('limit-exceeded');
  const unused = rials(more > reservation.unused ? 0n : reservation.unused - more);
  return accept({ limit: take(limit, beyond), reservation: { ...reservation, unused, uses: { ...reservation.uses, [caseId]: amount } } });
};

/**
 * The debt of an approved invoice is carried as far as reservation and limit reach; the rest of it stands uncovered, for the goods were delivered
 * and it exists either way. Parts of a match are taxed and rounded each by itself, so together they may come to some rials more than was reserved.
 */
export const carry = (covered: Covered, caseId: string, amount: Money, on: Day): ReturnType<typeof use> => {
  const carried = covered.reservation.uses[caseId] ?? 0n;
  const room = rials(carried + covered.reservation.unused + headroom(covered.limit, on));
  return use(covered, caseId, amount < room ? amount : room, on);
};

/** The match ended (released, or all its goods are invoiced): what no case uses is free again. */
export const releaseUnused = ({ limit, reservation }: Covered): Decision<Covered, FinancingFact, never> =>
  reservation.unused === 0n
    ? accept({ limit, reservation })
    : accept({ limit: take(limit, -reservation.unused), reservation: { ...reservation, unused: rials(0) } }, LimitReleased.of(heldOf(limit, reservation, reservation.unused)));

/** The case's debt is paid, or another funder carries it now. Idempotent by case. */
export const releaseUse = ({ limit, reservation }: Covered, caseId: string): Decision<Covered, FinancingFact, never> => {
  const { [caseId]: amount, ...uses } = reservation.uses;
  if (amount === undefined) return accept({ limit, reservation });
  return accept(
    { limit: take(limit, -amount), reservation: { ...reservation, uses, freed: [...reservation.freed, caseId] } },
    LimitReleased.of(heldOf(limit, reservation, amount)),
  );
};

/** The purchase came to nothing: the debt is not carried here, and may be once more. */
export const giveBack = ({ limit, reservation }: Covered, caseId: string): Decision<Covered, FinancingFact, never> => {
  const { [caseId]: amount, ...uses } = reservation.uses;
  if (amount === undefined) return accept({ limit, reservation });
  return accept({ limit: take(limit, -amount), reservation: { ...reservation, uses } }, LimitReleased.of(heldOf(limit, reservation, amount)));
};

/** Does the reservation still hold anything? */
export const holdsNothing = ({ unused, uses }: Reservation): boolean => unused === 0n && Object.keys(uses).length === 0;

const take = (limit: Limit, amount: bigint): Limit => ({ ...limit, taken: rials(limit.taken + amount) });

const heldOf = (limit: Limit, { of }: Reservation, amount: Money) => ({ ...of, limitId: limit.id, grantorId: limit.grantorId, amount: String(amount), kind: limit.kind });
