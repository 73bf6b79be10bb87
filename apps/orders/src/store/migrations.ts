import { protect } from '@peyvand/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { matches, offers, orders, queue, readCopies, story } from './tables.sql.js';

const secured = ['places', 'codes', 'orders', 'lines', 'matches', 'shipments', 'story'];

export class Orders1700000000001 implements MigrationInterface {
  name = 'Orders1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [readCopies, offers, orders, matches, queue, story, ...secured.map(protect)]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table story, markets, queue, shipments, matches, lines, orders, offers, codes, places, networks, producers, variants');
  }
}
