import type { MigrationInterface, QueryRunner } from 'typeorm';
import { httpGrants, httpRole } from './store/role.sql.js';
import { clockTable, tables, upkeepFunction } from './store/tables.sql.js';

export { protect } from './store/role.sql.js';

class MessagingTables implements MigrationInterface {
  // TypeORM orders migrations by the 13 digits at the end of their name.
  name = 'Messaging1000000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [httpRole, tables, clockTable, upkeepFunction, httpGrants, 'select peyvand_messaging_upkeep()']) await runner.query(sql);
  }

  /** Facts are the memory of the platform: dropping them is not a migration. */
  async down(): Promise<void> {
    throw new Error('The messaging tables hold every fact and are never dropped by a migration');
  }
}

/** What every service database gets before its own migrations. */
export const messagingMigrations: readonly (new () => MigrationInterface)[] = [MessagingTables];
