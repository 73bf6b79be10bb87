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

export type NewCase = Pick<CaseFile, 'case' | 'receivable'>;

/** New folders, in one statement. A second receivable for an invoice or a fingerprint breaks a unique index. */
export const insertCases = (tx: Tx, files: readonly NewCase[]): Promise<number> =>
  tx.run(
    `insert into cases (case_id, order_id, match_id, invoice_id, fingerprint, buyer_id, seller_id, holder_id, status, face, due_on, state, receivable, parties)
     select case_id, order_id, match_id, invoice_id, fingerprint, buyer_id, seller_id, seller_id, status, face, due_on, state, receivable, array[buyer_id, seller_id]
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::numeric[], $10::date[], $11::jsonb[], $12::jsonb[])
       as n(case_id, order_id, match_id, invoice_id, fingerprint, buyer_id, seller_id, status, face, due_on, state, receivable)`,
    [
      files.map((f) => f.case.of.caseId), files.map((f) => f.case.of.orderId), files.map((f) => f.case.of.matchId), files.map((f) => f.case.invoiceId),
      files.map((f) => f.receivable.fingerprint), files.map((f) => f.case.of.buyerId), files.map((f) => f.case.of.sellerId), files.map((f) => f.case.stage.status),
      files.map((f) => String(f.case.face)), files.map((f) => f.case.dueOn), files.map((f) => stateOf(f.case)), files.map((f) => toJson(f.receivable)),
    ]);

/** The folder after a decision. Throws when another transaction changed it meanwhile (its version moved). */
export const saveCase = async (tx: Tx, file: CaseFile): Promise<void> => {
  const { case: state, receivable, paper, invited, version } = file;
  const affected = await tx.run(
    `update cases set instrument_id = $3, paper_status = $4, holder_id = $5, status = $6, face = $7, due_on = $8, state = $9, receivable = $10, paper = $11, invited = $12, parties = $13, version = version + 1
     where case_id = $1 and version = $2`,
    [state.of.caseId, version, paper?.id ?? state.instrumentId ?? null, paper?.stage.status ?? null, state.holderId, state.stage.status, String(state.face), state.dueOn, stateOf(state), toJson(receivable),
      paper === undefined ? null : toJson(paper), invited, seatsOf(file)]);
  if (affected !== 1) throw new Error(`Case ${state.of.caseId} changed while it was being decided on`);
};

/** Who may see the case: the trade, the holder, whoever is liable on the paper, and the invited while bids are open. */
const seatsOf = ({ case: { of, holderId, stage }, paper, invited }: CaseFile): PartyId[] =>
  [...new Set([of.buyerId, of.sellerId, holderId, ...(paper?.obligors.map((o) => o.partyId) ?? []), ...(stage.status === 'bidding' ? invited : [])])];

const stateOf = ({ bids: _apart, ...state }: FinancingCase): string => toJson(state);
