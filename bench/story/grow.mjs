// Fills the services' own tables with copies of settled orders, so that the same load can be measured with many more stored.
// Only what the services decide on is copied (orders, lines, matches, shipments, receipts, invoices, cases, ledger …); facts, story and feed are append-only logs and stay.

const tables = {
  orders: ['orders', 'lines', 'matches', 'shipments'],
  delivery: ['matches', 'shipments', 'receipts', 'invoices'],
  financing: ['matches', 'reservations', 'fingerprints', 'cases', 'liens', 'bids', 'payments', 'transfers'],
};
const ids = new Set(['order_id', 'line_id', 'match_id', 'shipment_id', 'receipt_id', 'invoice_id', 'case_id', 'lien_id', 'bid_id', 'payment_id', 'instrument_id', 'debit_case', 'credit_case']);
const texts = new Set(['po_number', 'number_key', 'invoice_number', 'fingerprint', 'happening_id']);

/** Copies until about `stored` orders lie in the database; answers how many there are and how long it took. */
export async function grow({ databases }, stored) {
  const started = performance.now();
  const { rows: [{ n }] } = await databases.orders.query('select count(*)::int as n from orders');
  const copies = Math.ceil(stored / n) - 1;
  for (const [service, names] of Object.entries(tables)) {
    const pool = databases[service];
    for (const table of names) {
      const { rows } = await pool.query(`select column_name as name from information_schema.columns where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER' and is_identity = 'NO' order by ordinal_position`, [table]);
      const columns = rows.map(({ name }) => name);
      const value = (name) => (ids.has(name) ? `md5(t.${name}::text || i)::uuid` : texts.has(name) ? `t.${name} || '-' || i` : `t.${name}`);
      await pool.query(`insert into ${table} (${columns.join(', ')}) select ${columns.map(value).join(', ')} from ${table} t cross join generate_series(1, $1::int) i`, [copies]);
    }
    await pool.query('vacuum analyze');
  }
  const { rows: [{ n: now }] } = await databases.orders.query('select count(*)::int as n from orders');
  return { ordersStored: now, seconds: Number(((performance.now() - started) / 1_000).toFixed(0)) };
}
