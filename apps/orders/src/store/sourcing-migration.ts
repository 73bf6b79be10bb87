import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lines say how they want to be spread over producers; most say nothing. */
export class OrdersSourcing1700000000006 implements MigrationInterface {
  name = 'OrdersSourcing1700000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table lines add column sourcing jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table lines drop column sourcing');
  }
}
