import { accept, rials, type Decision } from '@peyvand/kernel';
import type { Because, Tx } from '@peyvand/messaging';
import type { FinancingFact } from '../domain/case-ref.js';
import type { Covered, Limit, Reservation } from '../domain/limit.js';
import { limitColumns, limitOf, type LimitRow } from './limits.store.js';
import { fromJson, toJson } from './state.js';

/** Limits and reservations held in memory while a batch of decisions is taken, and what must be saved of them. */
export class CoverBook {
  private readonly limits: Map<string, Limit>;
  private readonly held: Map<string, Reservation>;
  private readonly touchedLimits = new Set<string>();
  private readonly touchedHeld = new Set<string>();

  constructor(limits: readonly Limit[], reservations: readonly Reservation[]) {
    this.limits = new Map(limits.map((limit) => [limit.id, limit]));
    this.held = new Map(reservations.map((reservation) => [keyOf(reservation), reservation]));
  }

  allLimits(): Limit[] {
    return [...this.limits.values()];
  }

  reservation(matchId: string, limitId: string): Reservation | undefined {
    return this.held.get(`${matchId}/${limitId}`);
  }

  /** What a match holds, or every match, each with its limit as the decisions so far have left it. */
  *covered(matchId?: string): Generator<Covered> {
    for (const key of [...this.held.keys()]) {
      const reservation = this.held.get(key);
      const limit = this.limits.get(reservation?.limitId ?? '');
      if (reservation !== undefined && limit !== undefined && (matchId === undefined || reservation.of.matchId === matchId)) yield { limit, reservation };
    }
  }

  put({ limit, reservation }: Covered): void {
    this.limits.set(limit.id, limit);
    this.touchedLimits.add(limit.id);
    this.held.set(keyOf(reservation), reservation);
    this.touchedHeld.add(keyOf(reservation));
  }

  /** One statement, however many changed. The limits must be locked. */
  async save(tx: Tx): Promise<void> {
    const limits = pick(this.limits, this.touchedLimits);
    const held = pick(this.held, this.touchedHeld);
    if (limits.length === 0) return;
    await tx.run(
      `with changed as (update limits l set taken = n.taken, version = l.version + 1 from unnest($1::uuid[], $2::numeric[]) as n(limit_id, taken) where l.limit_id = n.limit_id)
       insert into reservations (match_id, limit_id, purpose, asked, unused, uses, freed, of)
       select * from unnest($3::uuid[], $4::uuid[], $5::text[], $6::numeric[], $7::numeric[], $8::jsonb[], $9::jsonb[], $10::jsonb[])
       on conflict (match_id, limit_id) do update set unused = excluded.unused, uses = excluded.uses, freed = excluded.freed`,
      [
        limits.map((limit) => limit.id), limits.map((limit) => String(limit.taken)),
        held.map((r) => r.of.matchId), held.map((r) => r.limitId), held.map((r) => r.for), held.map((r) => String(r.asked)), held.map((r) => String(r.unused)),
        held.map((r) => toJson(r.uses)), held.map((r) => JSON.stringify(r.freed)), held.map((r) => JSON.stringify(r.of)),
      ]);
  }
}

type ReservationRow = { match_id: string; limit_id: string; purpose: Reservation['for']; asked: string; unused: string; uses: unknown; freed: string[]; of: Reservation['of'] };

const reservationColumns = 'r.match_id, r.limit_id, r.purpose, r.asked::text, r.unused::text, r.uses, r.freed, r.of';

const reservationOf = (row: ReservationRow): Reservation => ({
  limitId: row.limit_id, for: row.purpose, of: row.of, asked: rials(row.asked), unused: rials(row.unused), uses: fromJson(row.uses), freed: row.freed,
});

/** What these matches hold, of any limit. The caller has locked the limits. */
export const reservationsOf = async (tx: Tx, matchIds: readonly string[]): Promise<Reservation[]> =>
  (await tx.sql<ReservationRow>(`select ${reservationColumns} from reservations r where match_id = any($1::uuid[]) order by match_id, limit_id`, [matchIds])).map(reservationOf);

/** The book of matches that hold something already: limits and reservations are locked, in the limits' order. */
export const openCoverBook = async (tx: Tx, matchIds: readonly string[]): Promise<CoverBook> => {
  const rows = await tx.sql<ReservationRow & LimitRow>(
    `select ${limitColumns}, ${reservationColumns} from reservations r join limits l on l.limit_id = r.limit_id where r.match_id = any($1::uuid[]) order by l.limit_id, r.match_id for update`, [matchIds]);
  return new CoverBook(rows.map(limitOf), rows.map(reservationOf));
};

export type CoverDecision = (covered: Covered) => Decision<Covered, FinancingFact, string> | undefined;

/**
 * Takes one decision on everything these matches hold, stores what changed in one statement and publishes its facts.
 * Undefined or a refusal leaves that reservation as it is. A batch handler says which fact was the cause.
 */
export const changeCover = async (tx: Tx, matchIds: readonly string[], decide: CoverDecision, causeOf: (matchId: string) => Because | undefined = () => undefined): Promise<void> => {
  const book = await openCoverBook(tx, matchIds);
  for (const covered of book.covered()) {
    const decision = decide(covered);
    if (decision?.ok !== true || decision.state.reservation === covered.reservation) continue;
    book.put(decision.state);
    await tx.publish(decision.events, causeOf(covered.reservation.of.matchId));
  }
  await book.save(tx);
};

/** Several decisions on one reservation, one after the other; undefined when there are none. The first refusal is the answer. */
export const forEach = <T>(covered: Covered, items: readonly T[], decide: (now: Covered, item: T) => Decision<Covered, FinancingFact, string>): Decision<Covered, FinancingFact, string> | undefined =>
  items.reduce<Decision<Covered, FinancingFact, string> | undefined>((before, item) => {
    if (before?.ok === false) return before;
    const next = decide(before?.state ?? covered, item);
    return next.ok ? accept(next.state, ...(before?.events ?? []), ...next.events) : next;
  }, undefined);

const keyOf = (reservation: Reservation): string => `${reservation.of.matchId}/${reservation.limitId}`;

const pick = <T>(from: ReadonlyMap<string, T>, keys: ReadonlySet<string>): T[] => [...keys].flatMap((key) => from.get(key) ?? []);
