import { protect, type Tx } from '@peyvand/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { StandingAcceptance } from '../domain/standing-acceptance.js';

export class OrdersStanding1700000000004 implements MigrationInterface {
  name = 'OrdersStanding1700000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table standing_acceptances (seller_id uuid primary key, up_to bigint check (up_to > 0), since timestamptz not null, parties uuid[] not null); ${protect('standing_acceptances')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table standing_acceptances');
  }
}

type Row = { seller_id: string; up_to: string | null };

/** The standing words of these producers; under row security only the caller's own. */
export const standingAcceptances = async (tx: Tx, sellerIds: readonly string[]): Promise<Map<string, StandingAcceptance>> => {
  const rows = await tx.sql<Row>('select seller_id, up_to::text from standing_acceptances where seller_id = any($1::uuid[])', [sellerIds]);
  return new Map(rows.map(({ seller_id, up_to }) => [seller_id, { sellerId: seller_id, ...(up_to === null ? {} : { upTo: up_to }) }]));
};

export const keepStandingAcceptance = async (tx: Tx, { sellerId, upTo }: StandingAcceptance): Promise<void> => {
  await tx.run(
    `insert into standing_acceptances (seller_id, up_to, since, parties) values ($1, $2, $3, array[$1::uuid]) on conflict (seller_id) do update set up_to = excluded.up_to, since = excluded.since`,
    [sellerId, upTo ?? null, new Date(tx.now).toISOString()]);
};

export const endStandingAcceptance = (tx: Tx, sellerId: string): Promise<number> => tx.run('delete from standing_acceptances where seller_id = $1', [sellerId]);
