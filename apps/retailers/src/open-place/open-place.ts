import { refuse, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { openPlace, type NetworkPlace } from '../domain/place.js';
import { findPolicy } from '../store/network.store.js';
import { insertPlace } from '../store/place.store.js';

export type OpenPlaceRefusal = 'network-not-found' | 'place-faulty' | 'place-exists';

/** Opens a store or distribution centre, where goods can be sent from now on. */
export const open = async (tx: Tx, told: NetworkPlace): Promise<{ ok: true; place: NetworkPlace } | Refused<OpenPlaceRefusal>> => {
  if ((await findPolicy(tx, told.networkId)) === undefined) return refuse('network-not-found');
  const decision = openPlace(told);
  if (!decision.ok) return decision;
  if (!(await insertPlace(tx, decision.state))) return refuse('place-exists');
  await tx.publish(decision.events);
  return { ok: true, place: decision.state };
};
