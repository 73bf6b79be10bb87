import type { DataOf, MatchMade, MatchReleased, PurchaseOrderDeclined } from '@peyvand/contracts';
import type { Match, ReleaseReason } from './match.js';

/** A match as its facts tell it. */
export const matchData = (match: Match): DataOf<typeof MatchMade> => ({
  ...namesOf(match), poNumber: match.poNumber, market: match.market, lines: [...match.lines], terms: match.terms, amount: match.amount, shipTo: match.shipTo,
  neededBy: match.neededBy, promisedBy: match.promisedBy, ...(match.parentMatchId === undefined ? {} : { parentMatchId: match.parentMatchId }),
});

export const namesOf = ({ orderId, matchId, buyerId, sellerId }: Match): Omit<DataOf<typeof PurchaseOrderDeclined>, 'reason'> => ({ orderId, matchId, buyerId, sellerId });

export const releaseData = (match: Match): DataOf<typeof MatchReleased> => ({
  ...namesOf(match), ...(match.untold === true ? {} : { toldSellerId: match.sellerId }), reason: match.reason as ReleaseReason, lines: match.lines.map(({ lineId, offerId, quantity }) => ({ lineId, offerId, quantity })),
});
