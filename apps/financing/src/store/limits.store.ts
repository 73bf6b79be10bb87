import { rials, type PartyId, type Day } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { Limit } from '../domain/limit.js';

export type LimitRow = { limit_id: string; kind: Limit['kind']; grantor_id: PartyId; debtor_id: PartyId; amount: string; taken: string; valid_until: Day };

export const limitColumns = 'l.limit_id, l.kind, l.grantor_id, l.debtor_id, l.amount::text, l.taken::text, l.valid_until::text';

export const limitOf = (row: LimitRow): Limit => ({
  id: row.limit_id, kind: row.kind, grantorId: row.grantor_id, debtorId: row.debtor_id, amount: rials(row.amount), taken: rials(row.taken), validUntil: row.valid_until,
});

/** The limits that may carry these sellers' claims on these debtors, locked in id order so that two batches cannot wait for each other. */
export const lockLimitsOn = async (tx: Tx, debtors: readonly string[], sellers: readonly string[]): Promise<Limit[]> =>
  (await tx.sql<LimitRow>(
    `select ${limitColumns} from limits l where debtor_id = any($1::uuid[]) and (kind = 'funder' or grantor_id = any($2::uuid[])) order by limit_id for update`,
    [debtors, sellers])).map(limitOf);

const ofPair = `select ${limitColumns} from limits l where grantor_id = $1 and debtor_id = $2 and kind = $3`;

export const findLimit = async (tx: Tx, grantorId: string, debtorId: string, kind: Limit['kind']): Promise<Limit | undefined> =>
  (await tx.sql<LimitRow>(ofPair, [grantorId, debtorId, kind])).map(limitOf)[0];

export const lockLimit = async (tx: Tx, grantorId: string, debtorId: string, kind: Limit['kind']): Promise<Limit | undefined> =>
  (await tx.sql<LimitRow>(`${ofPair} for update`, [grantorId, debtorId, kind])).map(limitOf)[0];

/** Funders' limits on debtors, locked in id order. */
export const lockFunderLimits = async (tx: Tx, pairs: readonly { readonly funderId: string; readonly debtorId: string }[]): Promise<Limit[]> =>
  (await tx.sql<LimitRow>(
    `select ${limitColumns} from limits l where kind = 'funder' and (grantor_id, debtor_id) in (select * from unnest($1::uuid[], $2::uuid[])) order by limit_id for update`,
    [pairs.map(({ funderId }) => funderId), pairs.map(({ debtorId }) => debtorId)])).map(limitOf);

/** The limits a party granted; a debtor does not see who carries how much of it. */
export const limitsOfGrantor = async (tx: Tx, grantorId: string): Promise<Limit[]> =>
  (await tx.sql<LimitRow>(`select ${limitColumns} from limits l where grantor_id = $1 order by limit_id`, [grantorId])).map(limitOf);

/** Writes the limit's terms; what is taken of it is not touched. */
export const putLimit = (tx: Tx, limit: Limit): Promise<number> =>
  tx.run(
    `insert into limits (limit_id, kind, grantor_id, debtor_id, amount, valid_until, parties) values ($1, $2, $3, $4, $5, $6, array[$3::uuid])
     on conflict (grantor_id, debtor_id, kind) do update set amount = excluded.amount, valid_until = excluded.valid_until, version = limits.version + 1`,
    [limit.id, limit.kind, limit.grantorId, limit.debtorId, String(limit.amount), limit.validUntil],
  );
