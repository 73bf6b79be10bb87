import type { Tx } from '@peyvand/messaging';
import type { Bid } from '../domain/financing-case.js';

/** `bearerId` is the one who may see the bid beside its funder. */
export const insertBid = (tx: Tx, caseId: string, bearerId: string, bid: Bid): Promise<number> =>
  tx.run(
    'insert into bids (bid_id, case_id, funder_id, rate, fee, max_face, valid_until, placed_at, parties) values ($1, $2, $3, $4, $5, $6, $7, $8, array[$3::uuid, $9::uuid])',
    [bid.bidId, caseId, bid.funderId, bid.rate, String(bid.fee), String(bid.maxFace), new Date(bid.validUntil), new Date(bid.placedAt), bearerId]);

/** Bids that are out of the case stay on record. */
export const retireBids = (tx: Tx, caseId: string, keep: readonly string[] = []): Promise<number> =>
  tx.run('update bids set standing = false where case_id = $1 and standing and bid_id <> all($2::uuid[])', [caseId, keep]);
