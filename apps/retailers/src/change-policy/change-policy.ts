import { dayOf, refuse, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { changePolicy, type Policy, type PolicyChange, type PolicyRefusal } from '../domain/policy.js';
import { findPolicy, insertPolicy } from '../store/network.store.js';

export type ChangePolicyRefusal = PolicyRefusal | 'network-not-found';

/** A further revision of the policy; awards made before it stand. */
export const change = async (tx: Tx, networkId: string, wanted: PolicyChange): Promise<{ ok: true; policy: Policy } | Refused<ChangePolicyRefusal>> => {
  const policy = await findPolicy(tx, networkId);
  if (policy === undefined) return refuse('network-not-found');
  const decision = changePolicy(policy, wanted, dayOf(tx.now));
  if (!decision.ok) return decision;
  if (!(await insertPolicy(tx, decision.state))) return refuse('policy-changed-meanwhile');
  await tx.publish(decision.events);
  return { ok: true, policy: decision.state };
};
