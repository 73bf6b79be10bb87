import { isoOf } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { Bid } from '../domain/financing-case.js';

/** `bearerId` is the one who may see the bid beside its funder. */
export const insertBid = (tx: Tx, caseId: string, bearerId: string, bid: Bid): Promise<number> => insertBids(tx, [{ caseId, bearerId, bid }]);

export type NewBid = { readonly caseId: string; readonly bearerId: string; readonly bid: Bid };

export const insertBids = async (tx: Tx, bids: readonly NewBid[]): Promise<number> =>
  bids.length === 0 ? 0 : tx.run(
    `insert into bids (bid_id, case_id, funder_id, rate, fee, max_face, valid_until, placed_at, parties)
     select bid_id, case_id, funder_id, rate, fee, max_face, valid_until, placed_at, array[funder_id, bearer_id]
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::numeric[], $6::numeric[], $7::timestamptz[], $8::timestamptz[], $9::uuid[])
       as b(bid_id, case_id, funder_id, rate, fee, max_face, valid_until, placed_at, bearer_id)`,
    [
      bids.map(({ bid }) => bid.bidId), bids.map(({ caseId }) => caseId), bids.map(({ bid }) => bid.funderId), bids.map(({ bid }) => bid.rate), bids.map(({ bid }) => String(bid.fee)), bids.map(({ bid }) => String(bid.maxFace)),
      bids.map(({ bid }) => isoOf(bid.validUntil)), bids.map(({ bid }) => isoOf(bid.placedAt)), bids.map(({ bearerId }) => bearerId),
    ]);

/** Bids that are out of the case stay on record. */
export const retireBids = (tx: Tx, cases: string | readonly string[], keep: readonly string[] = []): Promise<number> =>
  tx.run('update bids set standing = false where case_id = any($1::uuid[]) and standing and bid_id <> all($2::uuid[])', [typeof cases === 'string' ? [cases] : cases, keep]);
