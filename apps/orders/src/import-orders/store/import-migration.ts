import { protect } from '@peyvand/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { importFaultCounts, importTables } from './import-tables.sql.js';

export class OrdersImport1700000000002 implements MigrationInterface {
  name = 'OrdersImport1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [importTables, protect('imports'), protect('import_faults')]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index orders_of_import; drop table gtins, import_faults, import_orders, import_lines, import_parts, imports');
  }
}

export class ImportFaultCounts1700000000007 implements MigrationInterface {
  name = 'ImportFaultCounts1700000000007';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [importFaultCounts, protect('import_fault_counts')]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table import_fault_counts');
  }
}
