import type { Day, PartyId } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';

/**
 * Puts invoices into the register, where each stands once whoever brings it: an approved invoice, or a funder that finances it elsewhere.
 * Answers those that were free; of two that come at once the second waits for the first. `claimantId` only for claims.
 */
export const registerFingerprints = async (tx: Tx, fingerprints: readonly string[], on: Day, claimantId?: PartyId): Promise<ReadonlySet<string>> => {
  const rows = await tx.sql<{ fingerprint: string }>(
    // In order, so that two batches cannot wait for each other.
    `insert into fingerprints (fingerprint, claimant_id, since, parties) select f, $2::uuid, $3::date, case when $2::uuid is null then '{}' else array[$2::uuid] end
     from unnest($1::text[]) as f order by f on conflict do nothing returning fingerprint`, [fingerprints, claimantId ?? null, on]);
  return new Set(rows.map((row) => row.fingerprint));
};

export type Standing = { readonly kind: 'debt-purchase' | 'endorsement' | 'pledge' | 'outside' | 'traded-here'; readonly on: Day | null; readonly holderId: PartyId | null };

/** Is this invoice taken, how and since when? Undefined when nobody knows it. Whose the claim is stays with those it concerns. */
export const standingOf = async (tx: Tx, fingerprint: string): Promise<Standing | undefined> => {
  const [row] = await tx.sql<{ kind: Standing['kind']; since: Day | null; holder_id: PartyId | null }>('select kind, since::text, holder_id from standing_of($1)', [fingerprint]);
  return row === undefined ? undefined : { kind: row.kind, on: row.since, holderId: row.holder_id };
};
