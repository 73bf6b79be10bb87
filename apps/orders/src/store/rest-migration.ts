import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The rest of a match that was sent in part is delivery's to wait for; no match is abandoned here. */
export class OrdersRest1700000000007 implements MigrationInterface {
  name = 'OrdersRest1700000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table matches drop column abandoned');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table matches add column abandoned boolean not null default false');
  }
}
