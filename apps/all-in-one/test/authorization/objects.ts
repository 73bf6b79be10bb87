import pg from 'pg';

/** Where the thing lives that a route names in its path: service, table, and the column of its id. Every object route must be found here. */
const places: readonly (readonly [pattern: RegExp, service: string, table: string, column: string])[] = [
  [/^\/api\/orders\/imports\/\{id\}/, 'orders', 'imports', 'import_id'],
  [/^\/api\/orders\/matches\/\{matchId\}/, 'orders', 'matches', 'match_id'],
  [/^\/api\/orders\/\{id\}\/story/, 'orders', 'story', 'order_id'],
  [/^\/api\/orders\/\{id\}/, 'orders', 'orders', 'order_id'],
  [/^\/api\/delivery\/shipments\/\{id\}/, 'delivery', 'shipments', 'shipment_id'],
  [/^\/api\/delivery\/invoices\/\{id\}/, 'delivery', 'invoices', 'invoice_id'],
  [/^\/api\/delivery\/disputes\/\{id\}/, 'delivery', 'disputes', 'dispute_id'],
  [/^\/api\/delivery\/approval-policy\/\{id\}/, 'delivery', 'approval_policies', 'policy_id'],
  [/^\/api\/financing\/cases\/\{id\}/, 'financing', 'cases', 'case_id'],
  [/^\/api\/financing\/instruments\/\{id\}/, 'financing', 'cases', 'instrument_id'],
  [/^\/api\/producers\/offers\/\{id\}/, 'producers', 'offers', 'id'],
  [/^\/api\/producers\/\{id\}/, 'producers', 'particulars', 'producer_id'],
  [/^\/api\/retailers\/buyers\/\{id\}/, 'retailers', 'buyers', 'id'],
  [/^\/api\/retailers\/\{id\}/, 'retailers', 'networks', 'id'],
];

export type Thing = { readonly id: string; readonly parties: readonly string[] };

export const databaseOf = async (service: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: process.env[`DATABASE_URL_${service.toUpperCase()}`], statement_timeout: 20_000 });
  await client.connect();
  return client;
};

/** Some things of the kind that a path names, with their parties; undefined where the table of kinds does not know the path. */
export const thingsAt = async (path: string): Promise<readonly Thing[] | undefined> => {
  const place = places.find(([pattern]) => pattern.test(path));
  if (place === undefined) return undefined;
  const [, service, table, column] = place;
  const client = await databaseOf(service);
  try {
    // One of each set of parties: an order of every buyer, a match of every pair. A story is everybody's who is named in one of its facts.
    const { rows } = await client.query<Thing>(`
      select distinct on (parties) id, parties from (select ${column} as id, array_agg(distinct p order by p)::text[] as parties from ${table} cross join unnest(parties) p where ${column} is not null group by 1) t
      order by parties, id desc limit 6`);
    return rows;
  } finally {
    await client.end();
  }
};
