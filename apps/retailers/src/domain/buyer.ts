import { accept, normalise, refuse, type Decision } from '@peyvand/kernel';

export const buyerRoles = ['buyer', 'approver', 'storekeeper', 'signatory'] as const;
export type BuyerRole = (typeof buyerRoles)[number];

/** A named person of a network. Personal data: the row is the network's own and no fact is made of it. */
export type Buyer = {
  readonly id: string;
  readonly networkId: string;
  /** How the identity provider names the person. */
  readonly subject: string;
  readonly name: string;
  readonly phone?: string;
  readonly roles: readonly BuyerRole[];
  readonly active: boolean;
  readonly version: number;
};

export type BuyerRefusal = 'own-roles' | 'buyer-changed-meanwhile';

/** Nobody gives roles to themselves: whoever checks may not make oneself the maker too. */
export const nameBuyer = (told: Omit<Buyer, 'active' | 'version'>, by: string): Decision<Buyer, never, BuyerRefusal> =>
  told.subject === by ? refuse('own-roles') : accept({ ...told, name: normalise(told.name), roles: [...new Set(told.roles)], active: true, version: 1 });

export type BuyerChange = { readonly name?: string; readonly phone?: string; readonly roles?: readonly BuyerRole[]; readonly active?: boolean; readonly seen?: number };

export const changeBuyer = (buyer: Buyer, { seen, name, phone, roles, active }: BuyerChange, by: string): Decision<Buyer, never, BuyerRefusal> => {
  if (buyer.subject === by) return refuse('own-roles');
  if (seen !== undefined && seen !== buyer.version) return refuse('buyer-changed-meanwhile', { version: buyer.version });
  return accept({
    ...buyer, ...(name !== undefined && { name: normalise(name) }), ...(phone !== undefined && { phone }), ...(roles !== undefined && { roles: [...new Set(roles)] }), ...(active !== undefined && { active }),
  });
};
