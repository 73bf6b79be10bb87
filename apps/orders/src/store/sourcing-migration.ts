import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lines say how they want to be spread over producers; most say nothing. Which producers are small units, rounds may keep a share for. */
export class OrdersSourcing1700000000006 implements MigrationInterface {
  name = 'OrdersSourcing1700000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table lines add column sourcing jsonb; create table small_units (producer_id uuid primary key)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table small_units; alter table lines drop column sourcing');
  }
}
