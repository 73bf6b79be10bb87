import { day, type Day, type TaxId } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { isNumbered, isRegistered, type Head, type NumberedDocument, type TaxDocument, type TaxState } from '../domain/tax-document.js';

type Row = {
  document_id: string; seller_id: string; buyer_id: string; subject: TaxDocument['subject']; original_id: string | null; state: TaxState;
  tax_id: TaxId | null; registered_on: string | null; react_by: string | null; reason: string | null;
};
const columns = 'document_id, seller_id, buyer_id, subject, original_id, state, tax_id, registered_on::text, react_by::text, reason';

/** False when the memory is another seller's. */
export const claimMemory = async (tx: Tx, memoryId: string, sellerId: string): Promise<boolean> =>
  (await tx.run('insert into tax_memories as m (memory_id, seller_id) values ($1, $2) on conflict (memory_id) do update set seller_id = m.seller_id where m.seller_id = excluded.seller_id', [memoryId, sellerId])) === 1;

/**
 * Draws so many serials per seller and answers the last of each. Holds the sellers until the transaction ends: documents of a seller are
 * prepared, and its tax standing is changed, one after the other. Serials may be left unused, never used twice.
 */
export const drawSerials = async (tx: Tx, counts: ReadonlyMap<string, number>): Promise<Map<string, number>> => {
  const rows = await tx.sql<{ seller_id: string; last: string }>(
    `insert into tax_serials as s (seller_id, last) select seller_id, wanted from unnest($1::uuid[], $2::bigint[]) as d(seller_id, wanted) order by seller_id
     on conflict (seller_id) do update set last = s.last + excluded.last returning seller_id, last`, [[...counts.keys()], [...counts.values()]]);
  return new Map(rows.map((row) => [row.seller_id, Number(row.last)]));
};

/** What stands of these documents, by id. */
export const findTaxDocuments = async (tx: Tx, ids: readonly string[]): Promise<Map<string, TaxDocument>> =>
  byId(await tx.sql<Row>(`select ${columns} from tax_documents where document_id = any($1::uuid[])`, [ids]));

/** The same, held against change until the transaction ends: an original cannot be registered unseen while what follows it decides to wait. */
export const shareTaxDocuments = async (tx: Tx, ids: readonly string[]): Promise<Map<string, TaxDocument>> =>
  byId(await tx.sql<Row>(`select ${columns} from tax_documents where document_id = any($1::uuid[]) order by document_id for share`, [ids]));

export const lockTaxDocument = async (tx: Tx, id: string): Promise<TaxDocument | undefined> =>
  (await tx.sql<Row>(`select ${columns} from tax_documents where document_id = $1 for update`, [id])).map(documentOf)[0];

/** Those of these tax ids that are ours, locked, by tax id. */
export const lockByTaxId = async (tx: Tx, taxIds: readonly string[]): Promise<Map<string, NumberedDocument>> => {
  const rows = await tx.sql<Row>(`select ${columns} from tax_documents where tax_id = any($1::text[]) order by document_id for update`, [taxIds]);
  return new Map(rows.map(documentOf).filter(isNumbered).map((document) => [document.taxId, document]));
};

/** For each of these invoices that replaces others: the nearest of them that the tax system was told of and did not refuse. */
export const toldBefore = async (tx: Tx, invoiceIds: readonly string[]): Promise<Map<string, string>> => {
  const rows = await tx.sql<{ of: string; document_id: string }>(
    `with recursive chain as (
       select invoice_id as of, replaces as id, 1 as step from invoices where invoice_id = any($1::uuid[]) and replaces is not null
       union all select c.of, i.replaces, c.step + 1 from chain c join invoices i on i.invoice_id = c.id where i.replaces is not null)
     select distinct on (c.of) c.of, t.document_id from chain c join tax_documents t on t.document_id = c.id
     where t.tax_id is not null and t.state <> 'refused' order by c.of, c.step`, [invoiceIds]);
  return new Map(rows.map((row) => [row.of, row.document_id]));
};

/** Stores new documents and those that have their tax id now. What has one keeps it. */
export const putTaxDocuments = async (tx: Tx, documents: readonly TaxDocument[]): Promise<void> => {
  if (documents.length === 0) return;
  const column = <T>(of: (document: TaxDocument) => T): T[] => documents.map(of);
  await tx.run(
    `insert into tax_documents as t (document_id, seller_id, buyer_id, subject, original_id, state, tax_id, parties)
     select *, array[buyer_id, seller_id] from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[]) as d(document_id, seller_id, buyer_id, subject, original_id, state, tax_id)
     on conflict (document_id) do update set subject = excluded.subject, original_id = excluded.original_id, state = excluded.state, tax_id = excluded.tax_id where t.tax_id is null`,
    [column((d) => d.id), column((d) => d.sellerId), column((d) => d.buyerId), column((d) => d.subject), column((d) => ('originalId' in d ? d.originalId : null)), column((d) => d.state), column((d) => ('taxId' in d ? d.taxId : null))]);
};

/** New states of documents that are locked. */
export const updateTaxDocuments = async (tx: Tx, documents: readonly NumberedDocument[]): Promise<void> => {
  if (documents.length === 0) return;
  const column = <T>(of: (document: NumberedDocument) => T): T[] => documents.map(of);
  await tx.run(
    `update tax_documents t set state = u.state, registered_on = u.registered_on, react_by = u.react_by, reason = u.reason
     from unnest($1::uuid[], $2::text[], $3::date[], $4::date[], $5::text[]) as u(document_id, state, registered_on, react_by, reason) where t.document_id = u.document_id`,
    [column((d) => d.id), column((d) => d.state), column((d) => (isRegistered(d) ? d.registeredOn : null)), column((d) => (isRegistered(d) ? d.reactBy : null)), column((d) => ('reason' in d ? d.reason : null))]);
};

/** The corrective stands in for these now. */
export const cancelTaxDocuments = (tx: Tx, ids: readonly string[]): Promise<number> =>
  tx.run(`update tax_documents set state = 'cancelled' where document_id = any($1::uuid[]) and registered_on is not null`, [ids]);

/** Nobody reacted until the end of that day: the system confirms. */
export const confirmUnanswered = (tx: Tx, until: Day): Promise<number> =>
  tx.run(`update tax_documents set state = 'system-confirmed' where state = 'awaiting-reaction' and react_by <= $1`, [until]);

/** Documents that wait for one of these, or for their seller's memory id: they may go on now. */
export const heldBack = async (tx: Tx, by: { readonly originals: readonly string[] } | { readonly sellerId: string }): Promise<TaxDocument[]> =>
  (await ('originals' in by
    ? tx.sql<Row>(`select ${columns} from tax_documents where original_id = any($1::uuid[]) and state = 'waiting-for-original'`, [by.originals])
    : tx.sql<Row>(`select ${columns} from tax_documents where seller_id = $1 and state = 'memory-id-missing'`, [by.sellerId]))).map(documentOf);

export const anyUnanswered = async (tx: Tx): Promise<boolean> => (await tx.sql(`select 1 from tax_documents where state = 'sent' limit 1`)).length === 1;

const byId = (rows: readonly Row[]): Map<string, TaxDocument> => new Map(rows.map((row) => [row.document_id, documentOf(row)]));

const documentOf = (row: Row): TaxDocument => {
  const plain = { id: row.document_id, sellerId: row.seller_id, buyerId: row.buyer_id };
  const head: Head = row.subject === 'original' ? { ...plain, subject: row.subject } : { ...plain, subject: row.subject, originalId: row.original_id ?? '' };
  const { state, tax_id: taxId } = row;
  switch (state) {
    case 'not-needed':
    case 'memory-id-missing':
    case 'waiting-for-original': return { ...head, state };
  }
  if (taxId === null) throw new Error(`Tax document ${row.document_id} is ${state} and has no tax id`);
  switch (state) {
    case 'not-sent':
    case 'sent': return { ...head, state, taxId };
    case 'refused': return { ...head, state, taxId, reason: row.reason ?? '' };
    default: return { ...head, state, taxId, registeredOn: day(row.registered_on ?? ''), reactBy: day(row.react_by ?? ''), ...(row.reason === null ? {} : { reason: row.reason }) };
  }
};
