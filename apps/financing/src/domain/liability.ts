import type { PartyId } from '@peyvand/kernel';

/**
 * Someone who owes on the paper. `rank` is the place in the chain: 0 the acceptor (or the maker of a safte), 1 the drawer,
 * 2, 3 … the endorsers in order. A guarantor has the rank of the one he guaranteed and is bound with that one only (art. 249).
 */
export type Obligor = { readonly partyId: PartyId; readonly as: 'acceptor' | 'drawer' | 'endorser' | 'guarantor'; readonly rank: number };

/** Payment by an endorser frees those after him; by the drawer, all endorsers; he then claims against those before him. */
export const afterPaymentBy = (obligors: readonly Obligor[], payer: Obligor): readonly Obligor[] =>
  payer.as === 'guarantor'
    ? obligors.filter((o) => o.rank < payer.rank || (o.rank === payer.rank && o.as !== 'guarantor'))
    : obligors.filter((o) => o.rank < payer.rank);

/** Without protest in time the endorsers and the drawer who gave cover are free (289, 290); the acceptor and his guarantors stay bound. */
export const afterRecourseLost = (obligors: readonly Obligor[]): readonly Obligor[] => obligors.filter((o) => o.rank === 0);

/** The capacity in which a party owes: the lowest rank it signed at, since paying there frees most (273). */
export const obligorOf = (obligors: readonly Obligor[], partyId: PartyId): Obligor | undefined =>
  obligors.filter((o) => o.partyId === partyId).reduce<Obligor | undefined>((least, o) => (least === undefined || o.rank < least.rank ? o : least), undefined);
