import { fold, isoOf, rials } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { DatedRate, Policy } from '../domain/policy.js';

export type Network = { readonly id: string; readonly name: { readonly fa: string; readonly en: string } };

/** False when the id or the national id is taken. */
export const insertNetwork = async (tx: Tx, { id, name }: Network, nationalId: string): Promise<boolean> => {
  const inserted = await tx.run('insert into networks (id, name_fa, name_en, folded, parties) values ($1, $2, $3, $4, array[$1::uuid]) on conflict do nothing', [id, name.fa, name.en, fold(`${name.fa} ${name.en}`)]);
  if (inserted === 0) return false;
  return (await tx.run('insert into particulars (network_id, national_id, parties) values ($1, $2, array[$1::uuid]) on conflict do nothing', [id, nationalId])) === 1;
};

/** False when that revision is there already: someone else changed the policy. */
export const insertPolicy = async (tx: Tx, policy: Policy): Promise<boolean> =>
  (await tx.run(`
    insert into policies (network_id, revision, cost_of_funds, automatic_award_up_to, since, parties) values ($1, $2, $3, $4, $5, array[$1::uuid]) on conflict do nothing`, [
    policy.networkId, policy.revision, JSON.stringify(policy.costOfFunds), policy.automaticAwardUpTo?.toString() ?? null, isoOf(tx.now)])) === 1;

/** The policy in force, or undefined when there is no such network (or it is not the caller's). */
export const findPolicy = async (tx: Tx, networkId: string): Promise<Policy | undefined> => {
  const [row] = await tx.sql<{ cost_of_funds: DatedRate[]; limit: string | null; revision: number }>(
    'select cost_of_funds, automatic_award_up_to::text as limit, revision from policies where network_id = $1 order by revision desc limit 1', [networkId]);
  return row && { networkId, costOfFunds: row.cost_of_funds, ...(row.limit !== null && { automaticAwardUpTo: rials(row.limit) }), revision: row.revision };
};

export const listNetworks = async (tx: Tx, folded: string, after: string | undefined, limit: number): Promise<Network[]> =>
  (await tx.sql<{ id: string; name_fa: string; name_en: string }>(
    'select id, name_fa, name_en from networks where strpos(folded, $1) > 0 and ($2::uuid is null or id > $2) order by id limit $3', [folded, after ?? null, limit]))
    .map(({ id, name_fa, name_en }) => ({ id, name: { fa: name_fa, en: name_en } }));

export const findNetwork = async (tx: Tx, id: string): Promise<(Network & { nationalId?: string }) | undefined> => {
  const [row] = await tx.sql<{ id: string; name_fa: string; name_en: string; national_id: string | null }>(
    'select n.id, n.name_fa, n.name_en, p.national_id from networks n left join particulars p on p.network_id = n.id where n.id = $1', [id]);
  return row && { id: row.id, name: { fa: row.name_fa, en: row.name_en }, ...(row.national_id !== null && { nationalId: row.national_id }) };
};
