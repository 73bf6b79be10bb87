import { foldCode, isoOf } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';

/** The preferred variant of a code, and those that do as well, in order of preference. */
export type CrossReference = { readonly code: string; readonly variantId: string; readonly substitutes: readonly string[] };

/** One statement for all; what a code named before is replaced. Codes must be distinct once folded. Answers how many are new or changed. */
export const saveCodes = (tx: Tx, networkId: string, codes: readonly CrossReference[]): Promise<number> =>
  tx.run(`
    insert into codes (network_id, folded, code, variant_id, substitutes, since, parties)
    select $1, c.folded, c.code, c.variant_id, c.substitutes::uuid[], $2, array[$1::uuid] from unnest($3::text[], $4::text[], $5::uuid[], $6::text[]) as c(folded, code, variant_id, substitutes)
    on conflict (network_id, folded) do update set code = excluded.code, variant_id = excluded.variant_id, substitutes = excluded.substitutes, since = excluded.since
      where (codes.code, codes.variant_id, codes.substitutes) is distinct from (excluded.code, excluded.variant_id, excluded.substitutes)`, [
    networkId, isoOf(tx.now), codes.map(({ code }) => foldCode(code)), codes.map(({ code }) => code), codes.map(({ variantId }) => variantId),
    // UNNEST would flatten an array of arrays.
    codes.map(({ substitutes }) => `{${substitutes.join(',')}}`)]);

export const listCodes = async (tx: Tx, networkId: string, after: string | undefined, limit: number): Promise<(CrossReference & { readonly folded: string })[]> =>
  tx.sql('select code, variant_id as "variantId", substitutes::text[] as substitutes, folded from codes where network_id = $1 and ($2::text is null or folded > $2) order by folded limit $3', [networkId, after ?? null, limit]);
