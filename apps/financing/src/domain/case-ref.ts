import type { PartyId } from '@peyvand/kernel';
import type { NewFact } from '@peyvand/contracts';

/** The match behind anything financing does; every fact of a case carries these. */
export type MatchRef = { readonly orderId: string; readonly matchId: string; readonly buyerId: PartyId; readonly sellerId: PartyId };

/** A case is the financing and settlement of one receivable: one approved invoice of one shipment. */
export type CaseRef = MatchRef & { readonly caseId: string };

/** What the decisions of this domain give to `tx.publish`. */
export type FinancingFact = NewFact;

export const matchRefOf = ({ orderId, matchId, buyerId, sellerId }: MatchRef): MatchRef => ({ orderId, matchId, buyerId, sellerId });

export const caseRefOf = (of: CaseRef): CaseRef => ({ ...matchRefOf(of), caseId: of.caseId });
