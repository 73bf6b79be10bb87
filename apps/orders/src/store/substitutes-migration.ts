import { foldCode } from '@peyvand/kernel';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lines may name variants that do as well, a code names several variants, and a match remembers for its buyer what it was chosen over. */
export class OrdersSubstitutes1700000000003 implements MigrationInterface {
  name = 'OrdersSubstitutes1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table lines add column substitutes uuid[] not null default '{}';
      alter table codes add column substitutes uuid[] not null default '{}';
      alter table matches add column costs jsonb;
      alter table queue add column substitutes uuid[];
      create index queue_by_substitute on queue using gin (substitutes) where not ready and substitutes is not null;`);
    // Codes that differ only in spelling are one code, as they are for their network.
    const spelled = (await runner.query('delete from codes returning network_id, code, variant_id')) as [{ network_id: string; code: string; variant_id: string }[], number];
    for (const { network_id, code, variant_id } of spelled[0]) {
      await runner.query('insert into codes (network_id, code, variant_id) values ($1, $2, $3) on conflict do nothing', [network_id, foldCode(code), variant_id]);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table queue drop column substitutes; alter table matches drop column costs; alter table codes drop column substitutes; alter table lines drop column substitutes');
  }
}
