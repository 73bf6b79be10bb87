import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tables } from './tables.sql.js';

export class Delivery0001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  /** Receipts and invoices are evidence: they are not dropped by a migration. */
  async down(): Promise<void> {
    throw new Error('Deliveries are evidence and are never dropped by a migration');
  }
}
