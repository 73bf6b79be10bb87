import { protect } from '@peyvand/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { matches, offers, orders, queue, readCopies, story } from './tables.sql.js';

const secured = ['places', 'codes', 'orders', 'lines', 'matches', 'shipments', 'story'];

/** What a fact says is handed on as it came: not parsed, and not compressed either, for compressing was most of what a long fact cost. */
export class StoryAsText implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table story alter column data type json using data::json, alter column data set storage external');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table story alter column data type jsonb using data::jsonb');
  }
}

export class Orders1700000000001 implements MigrationInterface {
  name = 'Orders1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [readCopies, offers, orders, matches, queue, story, ...secured.map(protect)]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table story, markets, queue, shipments, matches, lines, orders, offers, codes, places, networks, producers, variants');
  }
}
