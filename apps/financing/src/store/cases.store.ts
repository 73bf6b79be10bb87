import type { Tx } from '@peyvand/messaging';
import { isUuid, rials, type BasisPoints, type Instant, type PartyId } from '@peyvand/kernel';
import type { Instrument } from '../domain/barat.js';
import type { Bid, FinancingCase } from '../domain/financing-case.js';
import type { Receivable } from '../domain/receivable.js';
import { fromJson, toJson } from './state.js';

/** What lies in one case's folder: the case, its receivable, its paper. They change together under one version. */
export type CaseFile = {
  readonly case: FinancingCase; readonly receivable: Receivable; readonly paper?: Instrument;
  /** The funders that may bid. They see the case while it is open to bids, and afterwards only one that has another seat in it. */
  readonly invited: readonly PartyId[];
  readonly version: number;
};

type BidRow = { id: string; funder: PartyId; rate: BasisPoints; fee: string; max: string; until: Instant; at: Instant };
type Row = { state: unknown; receivable: unknown; paper: unknown; invited: PartyId[]; version: number; bids: readonly BidRow[] };

// Bids the caller may not see are not in the folder: row security applies inside, too. Times are milliseconds, money is text.
const folder = `
  select c.state, c.receivable, c.paper, c.invited, c.version, coalesce((
    select json_agg(json_build_object('id', b.bid_id, 'funder', b.funder_id, 'rate', b.rate, 'fee', b.fee::text, 'max', b.max_face::text,
      'until', round(extract(epoch from b.valid_until) * 1000), 'at', round(extract(epoch from b.placed_at) * 1000)) order by b.placed_at, b.bid_id)
    from bids b where b.case_id = c.case_id and b.standing), '[]') as bids
  from cases c`;

const fileOf = (row: Row): CaseFile => ({
  case: { ...fromJson<FinancingCase>(row.state), bids: row.bids.map(bidOf) },
  receivable: fromJson<Receivable>(row.receivable),
  ...(row.paper === null ? {} : { paper: fromJson<Instrument>(row.paper) }),
  invited: row.invited, version: row.version,
});

const bidOf = ({ id, funder, rate, fee, max, until, at }: BidRow): Bid => ({ bidId: id, funderId: funder, rate, fee: rials(fee), maxFace: rials(max), validUntil: until, placedAt: at });

const find = async (tx: Tx, where: 'case_id' | 'invoice_id' | 'instrument_id', value: string, lock: '' | 'for update of c' = 'for update of c'): Promise<CaseFile | undefined> => {
  if (!isUuid(value)) return undefined;
  const [row] = await tx.sql<Row>(`${folder} where c.${where} = $1 ${lock}`, [value]);
  return row === undefined ? undefined : fileOf(row);
};

/** Folders by case or by paper, locked until the transaction ends, in id order so that two batches cannot wait for each other. */
export const lockCases = async (tx: Tx, where: 'case_id' | 'instrument_id', values: readonly string[]): Promise<CaseFile[]> =>
  values.length === 0 ? [] : (await tx.sql<Row>(`${folder} where c.${where} = any($1::uuid[]) order by c.case_id for update of c`, [values])).map(fileOf);

/** The folder, locked until the transaction ends. */
export const lockCase = (tx: Tx, caseId: string): Promise<CaseFile | undefined> => find(tx, 'case_id', caseId);
export const lockCaseOfInvoice = (tx: Tx, invoiceId: string): Promise<CaseFile | undefined> => find(tx, 'invoice_id', invoiceId);
export const lockCaseOfInstrument = (tx: Tx, instrumentId: string): Promise<CaseFile | undefined> => find(tx, 'instrument_id', instrumentId);

/** The folder as it stands, for reading. */
export const findCase = (tx: Tx, caseId: string): Promise<CaseFile | undefined> => find(tx, 'case_id', caseId, '');

export type CaseQuery = { readonly stage?: string | undefined; readonly paper?: string | undefined; readonly after?: string | undefined; readonly limit: number };

/** A page of the caller's cases by id (UUIDv7: oldest first). */
export const pageOfCases = async (tx: Tx, { stage, paper, after, limit }: CaseQuery): Promise<CaseFile[]> =>
  (await tx.sql<Row>(
    `${folder} where ($1::text is null or c.status = $1) and ($2::text is null or c.paper_status = $2) and ($3::uuid is null or c.case_id > $3) order by c.case_id limit $4`,
    [stage ?? null, paper ?? null, after ?? null, limit])).map(fileOf);

export type NewCase = Pick<CaseFile, 'case' | 'receivable' | 'paper'>;

/** New folders, in one statement. A second receivable for an invoice or a fingerprint breaks a unique index. */
export const insertCases = (tx: Tx, files: readonly NewCase[]): Promise<number> =>
  tx.run(
    `insert into cases (case_id, order_id, match_id, invoice_id, fingerprint, buyer_id, seller_id, holder_id, status, face, due_on, state, receivable, instrument_id, paper_status, paper, parties)
     select case_id, order_id, match_id, invoice_id, fingerprint, buyer_id, seller_id, seller_id, status, face, due_on, state, receivable, instrument_id, paper_status, paper, array[buyer_id, seller_id]
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::numeric[], $10::date[], $11::jsonb[], $12::jsonb[], $13::uuid[], $14::text[], $15::jsonb[])
       as n(case_id, order_id, match_id, invoice_id, fingerprint, buyer_id, seller_id, status, face, due_on, state, receivable, instrument_id, paper_status, paper)`,
    [
      files.map((f) => f.case.of.caseId), files.map((f) => f.case.of.orderId), files.map((f) => f.case.of.matchId), files.map((f) => f.case.invoiceId),
      files.map((f) => f.receivable.fingerprint), files.map((f) => f.case.of.buyerId), files.map((f) => f.case.of.sellerId), files.map((f) => f.case.stage.status),
      files.map((f) => String(f.case.face)), files.map((f) => f.case.dueOn), files.map((f) => stateOf(f.case)), files.map((f) => toJson(f.receivable)),
      files.map((f) => f.paper?.id ?? null), files.map((f) => f.paper?.stage.status ?? null), files.map((f) => (f.paper === undefined ? null : toJson(f.paper))),
    ]);

/** The folder after a decision. Throws when another transaction changed it meanwhile (its version moved). */
export const saveCase = (tx: Tx, file: CaseFile): Promise<void> => saveCases(tx, [file]);

const update = `
  update cases c set instrument_id = n.instrument_id, paper_status = n.paper_status, holder_id = n.holder_id, status = n.status, face = n.face, due_on = n.due_on, state = n.state,
    receivable = n.receivable, paper = n.paper, invited = n.invited::uuid[], parties = n.parties::uuid[], version = c.version + 1
  from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::numeric[], $8::date[], $9::jsonb[], $10::jsonb[], $11::jsonb[], $12::text[], $13::text[])
    as n(case_id, version, instrument_id, paper_status, holder_id, status, face, due_on, state, receivable, paper, invited, parties)
  where c.case_id = n.case_id and c.version = n.version`;

/** The same for many, in one statement. */
export const saveCases = async (tx: Tx, files: readonly CaseFile[]): Promise<void> => {
  if (files.length === 0) return;
  const column = <T>(of: (file: CaseFile) => T): T[] => files.map(of);
  const affected = await tx.run(update, [
    column((f) => f.case.of.caseId), column((f) => f.version), column((f) => f.paper?.id ?? f.case.instrumentId ?? null), column((f) => f.paper?.stage.status ?? null), column((f) => f.case.holderId),
    column((f) => f.case.stage.status), column((f) => String(f.case.face)), column((f) => f.case.dueOn), column((f) => stateOf(f.case)), column((f) => toJson(f.receivable)),
    column((f) => (f.paper === undefined ? null : toJson(f.paper))), column((f) => `{${f.invited.join(',')}}`), column((f) => `{${seatsOf(f).join(',')}}`),
  ]);
  if (affected !== files.length) throw new Error(`${files.length - affected} of ${files.length} cases changed while they were being decided on (${files[0]?.case.of.caseId} …)`);
};

/** Who may see the case: the trade, the holder, whoever is liable on the paper, and the invited while bids are open. */
const seatsOf = ({ case: { of, holderId, stage }, paper, invited }: CaseFile): PartyId[] =>
  [...new Set([of.buyerId, of.sellerId, holderId, ...(paper?.obligors.map((o) => o.partyId) ?? []), ...(stage.status === 'bidding' ? invited : [])])];

const stateOf = ({ bids: _apart, ...state }: FinancingCase): string => toJson(state);
