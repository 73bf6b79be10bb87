import { newId } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { CaseRef } from '../domain/case-ref.js';
import type { Lien } from '../domain/receivable.js';

/** Throws a unique violation when another lien is active: that is the last word on double financing. */
export const insertLien = (tx: Tx, { caseId, sellerId }: CaseRef, lien: Lien): Promise<number> =>
  tx.run(
    'insert into liens (lien_id, case_id, holder_id, kind, placed_on, parties) values ($1, $2, $3, $4, $5, array[$3::uuid, $6::uuid])',
    [newId(), caseId, lien.holderId, lien.kind, lien.on, sellerId]);

export const endLien = (tx: Tx, caseId: string): Promise<number> => tx.run('update liens set active = false where case_id = $1 and active', [caseId]);
