import type { MigrationInterface, QueryRunner } from 'typeorm';
import { httpGrants, httpRole } from './store/role.sql.js';
import { sealTables, sealTheOld } from './seal/tables.sql.js';
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

/**
 * A fact's data is kept as the text it was published as: parsing it into jsonb and printing it again was a tenth of Postgres' work on a
 * story, and nothing looks inside. Compressed with lz4 where the server can.
 */
class FactsAsText implements MigrationInterface {
  name = 'MessagingFactsAsText1000000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table facts alter column data type json using data::json');
    await runner.query(`do $$ begin alter table facts alter column data set compression lz4; exception when feature_not_supported then null; end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table facts alter column data type jsonb using data::jsonb');
  }
}

/**
 * Who stopped in the middle of a transaction, or vanished from the network, holds its locks no longer than a minute. Kept with the database and
 * not in the session, because a pooling proxy refuses session settings; a login that does not own the database keeps it for itself.
 */
class VanishedClients implements MigrationInterface {
  name = 'MessagingVanishedClients1000000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const [setting, value] of Object.entries(clientDeadlines)) await runner.query(`
      do $$ begin execute format('alter database %I set ${setting} = ${value}', current_database());
      exception when insufficient_privilege then execute format('alter role current_user in database %I set ${setting} = ${value}', current_database()); end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const setting of Object.keys(clientDeadlines)) await runner.query(`
      do $$ begin execute format('alter database %I reset ${setting}', current_database());
      exception when insufficient_privilege then execute format('alter role current_user in database %I reset ${setting}', current_database()); end $$`);
  }
}

/** Milliseconds, seconds, seconds, times. */
const clientDeadlines = { idle_in_transaction_session_timeout: 60_000, tcp_keepalives_idle: 20, tcp_keepalives_interval: 10, tcp_keepalives_count: 4 };

/** A stored answer is read again only for the party it was given to, whatever a statement forgets. */
class IdempotencyOfItsParty implements MigrationInterface {
  name = 'MessagingIdempotencyOfItsParty1000000000004';

  async up(runner: QueryRunner): Promise<void> {
    const theirs = `array[party] && (select current_setting('peyvand.parties', true)::text[])`;
    await runner.query('alter table idempotency enable row level security');
    await runner.query(`create policy idempotency_party on idempotency to peyvand_http using (${theirs}) with check (${theirs})`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy idempotency_party on idempotency');
    await runner.query('alter table idempotency disable row level security');
  }
}

/** Facts are sealed behind the relay, those of the time before as well. */
class Seals implements MigrationInterface {
  name = 'MessagingSeals1000000000005';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [sealTables, sealTheOld]) await runner.query(sql);
  }

  /** Seals are what an auditor trusts: dropping them is not a migration. */
  async down(): Promise<void> {
    throw new Error('The seals prove that no fact was changed and are never dropped by a migration');
  }
}

/**
 * The version of a deadline or errand is never used twice: counted from 0 in each row, an errand that was dropped and asked for again while a call was
 * under way looked like the one called for, and was recorded without ever being done. Begins beyond what rows of before have counted to.
 */
class VersionsOfTheirOwn implements MigrationInterface {
  name = 'MessagingVersionsOfTheirOwn1000000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create sequence deadline_versions start 1000000000');
    await runner.query(`alter table deadlines alter column version set default nextval('deadline_versions')`);
    await runner.query('alter sequence deadline_versions owned by deadlines.version');
    await runner.query('grant usage on sequence deadline_versions to peyvand_http');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table deadlines alter column version set default 0');
    await runner.query('drop sequence deadline_versions');
  }
}

/** What every service database gets before its own migrations. */
export const messagingMigrations: readonly (new () => MigrationInterface)[] = [MessagingTables, FactsAsText, VanishedClients, IdempotencyOfItsParty, Seals, VersionsOfTheirOwn];
