import { rials, type BasisPoints, type PartyId } from '@peyvand/kernel';
import { protect, type Tx } from '@peyvand/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Bidder, StandingBid, StandingSale } from '../domain/standing-instructions.js';
import { limitColumns, limitOf, type LimitRow } from './limits.store.js';

export class Financing0002 implements MigrationInterface {
  name = 'Financing1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table standing_sales (
        seller_id uuid primary key, draw text not null check (draw in ('on-approval', 'by-hand')), choose text not null check (choose in ('best-at-once', 'best-at-close', 'by-hand')), parties uuid[] not null);
      create table standing_bids (
        funder_id uuid not null, debtor_id uuid not null, rate int not null check (rate >= 0), fee numeric(20) not null check (fee >= 0), max_face numeric(20) not null check (max_face > 0),
        valid_hours int not null check (valid_hours > 0), parties uuid[] not null, primary key (debtor_id, funder_id));
      ${protect('standing_sales')} ${protect('standing_bids')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table standing_bids, standing_sales');
  }
}

type SaleRow = { seller_id: PartyId; draw: StandingSale['draw']; choose: StandingSale['choose']; payable: boolean };

/** The standing words of these sellers; `payable`: the bank vouches for the seller's account. */
export const standingSales = async (tx: Tx, sellerIds: readonly string[]): Promise<Map<string, StandingSale & { readonly payable: boolean }>> => {
  const rows = await tx.sql<SaleRow>(
    `select seller_id, draw, choose, exists (select from accounts where party_id = seller_id and state = 'verified') as payable from standing_sales where seller_id = any($1::uuid[])`, [sellerIds]);
  return new Map(rows.map(({ seller_id, ...word }) => [seller_id, { sellerId: seller_id, ...word }]));
};

export const keepStandingSale = (tx: Tx, { sellerId, draw, choose }: StandingSale): Promise<number> =>
  tx.run('insert into standing_sales (seller_id, draw, choose, parties) values ($1, $2, $3, array[$1::uuid]) on conflict (seller_id) do update set draw = excluded.draw, choose = excluded.choose', [sellerId, draw, choose]);

type BidRow = { funder_id: PartyId; debtor_id: PartyId; rate: BasisPoints; fee: string; max_face: string; valid_hours: number };
const bidColumns = 's.funder_id, s.debtor_id, s.rate, s.fee::text, s.max_face::text, s.valid_hours';
const bidOf = (row: BidRow): StandingBid => ({ funderId: row.funder_id, debtorId: row.debtor_id, rate: row.rate, fee: rials(row.fee), maxFace: rials(row.max_face), validHours: row.valid_hours });

/** Who bids on these debtors' paper by a standing word, with the limits they hold. */
export const biddersOn = async (tx: Tx, debtorIds: readonly string[]): Promise<Bidder[]> => {
  const rows = await tx.sql<BidRow & LimitRow>(
    `select ${bidColumns}, ${limitColumns} from standing_bids s join limits l on l.grantor_id = s.funder_id and l.debtor_id = s.debtor_id and l.kind = 'funder'
     where s.debtor_id = any($1::uuid[]) order by s.debtor_id, s.funder_id`, [debtorIds]);
  return rows.map((row) => ({ bid: bidOf(row), limit: limitOf(row) }));
};

export const standingBidsOf = async (tx: Tx, funderId: string): Promise<StandingBid[]> =>
  (await tx.sql<BidRow>(`select ${bidColumns} from standing_bids s where funder_id = $1 order by debtor_id`, [funderId])).map(bidOf);

export const keepStandingBid = (tx: Tx, bid: StandingBid): Promise<number> =>
  tx.run(
    `insert into standing_bids (funder_id, debtor_id, rate, fee, max_face, valid_hours, parties) values ($1, $2, $3, $4, $5, $6, array[$1::uuid])
     on conflict (debtor_id, funder_id) do update set rate = excluded.rate, fee = excluded.fee, max_face = excluded.max_face, valid_hours = excluded.valid_hours`,
    [bid.funderId, bid.debtorId, bid.rate, String(bid.fee), String(bid.maxFace), bid.validHours]);

export const endStandingBid = (tx: Tx, funderId: string, debtorId: string): Promise<number> => tx.run('delete from standing_bids where funder_id = $1 and debtor_id = $2', [funderId, debtorId]);
