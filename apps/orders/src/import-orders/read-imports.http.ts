import { Controller, Get, Headers, Param, Query, StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, cursorOf, fileOf, page, pageOf, PageQuery, problem, read, Replies, reply, valuesOf } from '@peyvand/platform';
import { z } from 'zod';
import { csvOf } from '../list-orders/csv.js';
import { rowFaultWords, type RowFaultCode } from './fault-words.js';
import { importColumns, ShownImport, shownImport, type ImportRow } from './show-import.js';

type FaultRow = { row_number: number; place: string; column_name: string; code: RowFaultCode; value: string };

const lotOfFaults = 1_000;
const columns = ['row', 'column', 'code', 'message', 'value'] as const;

const WholeImport = ShownImport.extend({
  faults: z.array(z.object({ code: reply.text, count: reply.whole, message: reply.text })),
  units: z.object({ ordered: reply.whole, matched: reply.whole, waiting: reply.whole, unmatched: reply.whole, cancelled: reply.whole }).optional().describe('What became of the lines, once all are submitted'),
});

const Fault = z.object({ row: reply.whole, column: reply.text, code: reply.text, value: reply.text, message: reply.bilingual }).meta({ id: 'RowFault' });

@Controller('api/orders/imports')
@Allow('buyer', 'approver', 'operator')
export class ReadImportsHttp {
  constructor(private readonly source: Source) {}

  /** The caller's imports, newest first. */
  @Get()
  @Replies(pageOf(ShownImport))
  async list(@Query() { limit = 50, cursor }: PageQuery, @Caller() caller: Caller) {
    const [at, id] = cursor === undefined ? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] : valuesOf(cursor, z.tuple([z.string(), z.string()]));
    const rows = await read(this.source, caller, (tx) => tx.sql<ImportRow>(
      `select ${importColumns} from imports i where (received_at, import_id) < ($1::timestamptz, $2::uuid) order by received_at desc, import_id desc limit $3`, [at, id, limit + 1]));
    const last = rows[limit - 1];
    return page(rows.slice(0, limit).map((row) => shownImport(row, caller.locale)), rows.length > limit && last !== undefined ? cursorOf([last.received_at, last.import_id]) : undefined);
  }

  /** Progress, totals and faults by reason; once committed, what became of the lines. */
  @Get(':id')
  @Replies(WholeImport)
  one(@Param('id') id: string, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const [row] = await tx.sql<ImportRow>(`select ${importColumns} from imports i where import_id = $1`, [id]);
      if (row === undefined) return undefined;
      const faults = await tx.sql<{ code: RowFaultCode; count: number }>('select code, count(*)::int as count from import_faults where import_id = $1 group by code order by count(*) desc, code', [id]);
      const [lines] = row.state !== 'done' || row.orders_committed === 0 ? [] : await tx.sql<Record<'ordered' | 'matched' | 'waiting' | 'unmatched' | 'cancelled', string>>(
        `select sum(l.quantity)::text as ordered, sum(l.matched)::text as matched, sum(l.waiting)::text as waiting, sum(l.unmatched)::text as unmatched, sum(l.cancelled)::text as cancelled
         from orders o join lines l on l.order_id = o.order_id where o.import_id = $1`, [id]);
      const units = lines && {
        ordered: Number(lines.ordered), matched: Number(lines.matched), waiting: Number(lines.waiting), unmatched: Number(lines.unmatched), cancelled: Number(lines.cancelled),
      };
      return { ...shownImport(row, caller.locale), faults: faults.map(({ code, count }) => ({ code, count, message: wordsOf(code, caller.locale) })), ...(units === undefined ? {} : { units }) };
    });
  }

  /** Every fault by row and column: JSON by pages, or the whole list as CSV. */
  @Get(':id/faults')
  @Replies([pageOf(Fault), fileOf('text/csv')])
  async faults(@Param('id') id: string, @Query() { limit = 50, cursor }: PageQuery, @Headers('accept') accept: string | undefined, @Caller() caller: Caller) {
    const known = await read(this.source, caller, async (tx) => (await tx.sql('select from imports where import_id = $1', [id])).length === 1);
    if (!known) throw problem('not-found');
    if (accept?.includes('text/csv') === true) {
      const lots = this.csvLots(id, caller);
      return new StreamableFile(Readable.from(lots), { type: 'text/csv; charset=utf-8', disposition: `attachment; filename="faults-${id}.csv"` });
    }
    const after = cursor === undefined ? [0, 0] as const : valuesOf(cursor, z.tuple([z.number(), z.number()]));
    const rows = await read(this.source, caller, (tx) => faultsAfter(tx, id, after, limit + 1));
    const last = rows[limit - 1];
    const shown = rows.slice(0, limit).map((fault) => ({ ...shownFault(fault), message: { fa: wordsOf(fault.code, 'fa'), en: wordsOf(fault.code, 'en') } }));
    return page(shown, rows.length > limit && last !== undefined ? cursorOf([last.row_number, Number(last.place)]) : undefined);
  }

  private async *csvLots(id: string, caller: Caller): AsyncGenerator<string> {
    let after: readonly [number, number] = [0, 0];
    for (let first = true; ; first = false) {
      const rows: FaultRow[] = await read(this.source, caller, (tx) => faultsAfter(tx, id, after, lotOfFaults));
      const text = csvOf(columns, rows.map((fault) => ({ ...shownFault(fault), message: wordsOf(fault.code, caller.locale) })));
      if (first) yield text;
      else if (rows.length > 0) yield text.slice(text.indexOf('\r\n') + 2);
      const last = rows.at(-1);
      if (last === undefined || rows.length < lotOfFaults) return;
      after = [last.row_number, Number(last.place)];
    }
  }
}

const faultsAfter = (tx: Tx, id: string, [row, seq]: readonly [number, number], most: number): Promise<FaultRow[]> =>
  tx.sql<FaultRow>('select row_number, seq::text as place, column_name, code, value from import_faults where import_id = $1 and (row_number, seq) > ($2, $3) order by row_number, seq limit $4', [id, row, seq, most]);

const shownFault = ({ row_number: row, column_name: column, code, value }: FaultRow) => ({ row, column, code, value });

const wordsOf = (code: RowFaultCode, locale: 'fa' | 'en'): string => rowFaultWords[code][locale === 'fa' ? 0 : 1];
