import { dayOf, normalise, parseLegalId, refuse, type Money, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { beginPolicy, type DatedRate, type PolicyRefusal } from '../domain/policy.js';
import { insertNetwork, insertPolicy } from '../store/network.store.js';

export type RegisterRefusal = PolicyRefusal | 'network-faulty' | 'network-exists';
export type NewNetwork = {
  readonly id: string; readonly name: { readonly fa: string; readonly en: string }; readonly nationalId: string;
  readonly costOfFunds: readonly DatedRate[]; readonly automaticAwardUpTo?: Money;
};

/** Registers a retail network (a legal person: shenase melli) with its first policy. */
export const registerNetwork = async (tx: Tx, told: NewNetwork): Promise<{ ok: true; networkId: string; revision: number } | Refused<RegisterRefusal>> => {
  const nationalId = parseLegalId(told.nationalId);
  if (!nationalId.ok) return refuse('network-faulty', { errors: [{ path: 'nationalId', code: nationalId.reason }] });
  const policy = beginPolicy(told.id, told.costOfFunds, told.automaticAwardUpTo, dayOf(tx.now));
  if (!policy.ok) return policy;
  if (!(await insertNetwork(tx, { id: told.id, name: { fa: normalise(told.name.fa), en: normalise(told.name.en) } }, nationalId.value))) return refuse('network-exists');
  await insertPolicy(tx, policy.state);
  await tx.publish(policy.events);
  return { ok: true, networkId: told.id, revision: policy.state.revision };
};
