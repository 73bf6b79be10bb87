import { newId } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { CaseRef } from '../domain/case-ref.js';
import type { Lien } from '../domain/receivable.js';

/** Throws a unique violation when another lien is active: that is the last word on double financing. */
export const insertLien = (tx: Tx, of: CaseRef, lien: Lien): Promise<number> => insertLiens(tx, [{ of, lien }]);

export const insertLiens = async (tx: Tx, liens: readonly { readonly of: CaseRef; readonly lien: Lien }[]): Promise<number> =>
  liens.length === 0 ? 0 : tx.run(
    `insert into liens (lien_id, case_id, holder_id, kind, placed_on, parties) select lien_id, case_id, holder_id, kind, placed_on, array[holder_id, seller_id]
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::uuid[]) as l(lien_id, case_id, holder_id, kind, placed_on, seller_id)`,
    [liens.map(() => newId()), liens.map(({ of }) => of.caseId), liens.map(({ lien }) => lien.holderId), liens.map(({ lien }) => lien.kind), liens.map(({ lien }) => lien.on), liens.map(({ of }) => of.sellerId)]);

export const endLien = (tx: Tx, caseId: string): Promise<number> => endLiens(tx, [caseId]);

export const endLiens = async (tx: Tx, caseIds: readonly string[]): Promise<number> =>
  caseIds.length === 0 ? 0 : tx.run('update liens set active = false where case_id = any($1::uuid[]) and active', [caseIds]);
