import { refuse, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { changeBuyer, nameBuyer, type Buyer, type BuyerChange, type BuyerRefusal } from '../domain/buyer.js';
import { findBuyer, insertBuyer, updateBuyer } from '../store/buyer.store.js';
import { findPolicy } from '../store/network.store.js';

export type NameBuyerRefusal = BuyerRefusal | 'network-not-found' | 'buyer-exists' | 'buyer-not-found';

type Outcome = Promise<{ ok: true; buyer: Buyer } | Refused<NameBuyerRefusal>>;

/** Names a person of the network and what that person may do. No fact tells of it: names stay here. */
export const name = async (tx: Tx, told: Omit<Buyer, 'active' | 'version'>, by: string): Outcome => {
  if ((await findPolicy(tx, told.networkId)) === undefined) return refuse('network-not-found');
  const decision = nameBuyer(told, by);
  if (!decision.ok) return decision;
  return (await insertBuyer(tx, decision.state)) ? { ok: true, buyer: decision.state } : refuse('buyer-exists');
};

export const change = async (tx: Tx, networkId: string, id: string, wanted: BuyerChange, by: string): Outcome => {
  const buyer = await findBuyer(tx, id);
  if (buyer?.networkId !== networkId) return refuse('buyer-not-found');
  const decision = changeBuyer(buyer, wanted, by);
  if (!decision.ok) return decision;
  return (await updateBuyer(tx, decision.state)) ? { ok: true, buyer: { ...decision.state, version: buyer.version + 1 } } : refuse('buyer-changed-meanwhile');
};
