import { protect } from '@peyvand/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { importTables } from './import-tables.sql.js';

export class OrdersImport1700000000002 implements MigrationInterface {
  name = 'OrdersImport1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [importTables, protect('imports'), protect('import_faults')]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index orders_of_import; drop table gtins, import_faults, import_orders, import_lines, import_parts, imports');
  }
}
