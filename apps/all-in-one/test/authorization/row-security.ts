import { randomUUID } from 'node:crypto';
import { everyone } from '@peyvand/contracts';
import type pg from 'pg';
import { databaseOf } from './objects.js';

const services = ['producers', 'retailers', 'orders', 'financing', 'delivery', 'edge'];

/** Tables of which the restricted role may read rows of others, and why. Any other that shows some is a fault. */
const open: Readonly<Record<string, string>> = {
  'orders.variants': 'the catalogue', 'delivery.variants': 'the catalogue', 'retailers.known_variants': 'the catalogue', 'producers.products': 'the catalogue', 'producers.variants': 'the catalogue',
  'producers.producers': 'public profiles; what is secret stands in particulars', 'retailers.networks': 'public profiles; what is secret stands in particulars', 'producers.parks': 'industrial parks',
  'delivery.carriers': 'who carries', 'delivery.tax_registrations': 'who is registered for tax, which is public', 'edge.head': 'one number: how far the feed has come',
};
/** When something falls due, by id: no answer is made of it over HTTP, and requests must set and lift deadlines for both sides. */
const isDeadlines = (table: string): boolean => table === 'deadlines';

type Table = { readonly name: string; readonly secured: boolean; readonly columns: readonly string[] };

const partiesOf = (columns: readonly string[]): string | undefined => (columns.includes('parties') ? 'parties' : columns.includes('party') ? 'array[party::text::uuid]' : undefined);

/** Tables that peyvand_http may read, as the catalogue tells. */
const readable = async (client: pg.Client): Promise<Table[]> => (await client.query<Table>(`
  select c.relname as name, c.relrowsecurity as secured, array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as columns
  from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and not c.relispartition and has_table_privilege('peyvand_http', c.oid, 'select') order by 1`)).rows;

/** Rows of others that the restricted role sees when nothing filters but row security: the party of a request set, then none. */
const foreignRows = async (client: pg.Client, { name: table, columns }: Table, party: string | undefined): Promise<number> => {
  await client.query('begin');
  try {
    await client.query('set local role peyvand_http');
    if (party !== undefined) await client.query(`select set_config('peyvand.parties', $1, true)`, [`{${party}}`]);
    // What is told to everyone is nobody's secret.
    const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from "${table}" where not ${partiesOf(columns)} && $1::uuid[]`, [[party ?? randomUUID(), everyone]]);
    return rows[0]?.n ?? -1;
  } catch (error) {
    // Once a session has had a party the setting without one is empty text and no list: the look fails, and shows nothing.
    if (party === undefined && (error as { code?: string }).code === '22P02') return 0;
    throw error;
  } finally {
    await client.query('rollback');
  }
};

export type Seen = { tables: number; rows: number; looks: number; unsecured: string[]; foreign: string[] };

/** Over every table of every service: what could be seen if every filter of the application were forgotten. */
export const lookPastTheFilters = async (): Promise<Seen> => {
  const seen: Seen = { tables: 0, rows: 0, looks: 0, unsecured: [], foreign: [] };
  for (const service of services) {
    const client = await databaseOf(service);
    try {
      for (const table of await readable(client)) await look(client, service, table, seen);
    } finally {
      await client.end();
    }
  }
  return seen;
};

const look = async (client: pg.Client, service: string, table: Table, seen: Seen): Promise<void> => {
  const [name, parties] = [`${service}.${table.name}`, partiesOf(table.columns)];
  seen.tables += 1;
  if (open[name] !== undefined || isDeadlines(table.name)) return;
  if (parties === undefined || !table.secured) {
    seen.unsecured.push(`${name}: ${parties === undefined ? 'names no parties' : 'no row security'}`);
    return;
  }
  const { rows } = await client.query<{ party: string; n: number }>(`select p as party, count(*)::int as n from "${table.name}" t cross join unnest(${parties}) p group by 1 order by 2 desc limit 5`);
  seen.rows += rows.reduce((sum, { n }) => sum + n, 0);
  for (const party of [undefined, randomUUID(), ...rows.map((row) => row.party)]) {
    seen.looks += 1;
    const n = await foreignRows(client, table, party);
    if (n > 0) seen.foreign.push(`${name}: ${n} rows of others as ${party ?? 'nobody'}`);
  }
};

/** The control: with the policy of a table gone, the same look must find rows of others. Everything is rolled back. */
export const withoutPolicy = async (service: string, table: string): Promise<number> => {
  const client = await databaseOf(service);
  try {
    await client.query(`begin; set local lock_timeout = '10s'`);
    await client.query(`alter table "${table}" disable row level security`);
    await client.query('set local role peyvand_http');
    await client.query(`select set_config('peyvand.parties', $1, true)`, [`{${randomUUID()}}`]);
    return (await client.query<{ n: number }>(`select count(*)::int as n from "${table}"`)).rows[0]?.n ?? -1;
  } finally {
    await client.query('rollback');
    await client.end();
  }
};
