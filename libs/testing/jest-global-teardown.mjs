import { rm } from 'node:fs/promises';
import pg from 'pg';

/** Stops the cluster this run started; a cluster given from outside stays and only loses this run's databases. */
export default async function teardown() {
  const started = globalThis.peyvandCluster;
  if (started) {
    await started.cluster.stop();
    await rm(started.folder, { recursive: true, force: true });
    return;
  }
  const client = new pg.Client({ connectionString: process.env.PEYVAND_TEST_PG });
  await client.connect();
  const { rows } = await client.query('select datname, datistemplate from pg_database where starts_with(datname, $1)', [`peyvand_${process.env.PEYVAND_TEST_RUN}_`]);
  for (const { datname, datistemplate } of rows) {
    const name = pg.escapeIdentifier(datname);
    if (datistemplate) await client.query(`alter database ${name} is_template false`);
    await client.query(`drop database ${name} with (force)`);
  }
  await client.end();
}
