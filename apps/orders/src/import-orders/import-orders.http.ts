import { createHash } from 'node:crypto';
import { Controller, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { newId, refuse } from '@peyvand/kernel';
import { Source, transact } from '@peyvand/messaging';
import { Allow, Caller, done, Problem, problem, refusalTable, Replies, reply, write } from '@peyvand/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ImportQuery } from './import-orders.query.js';
import { importStates } from './show-import.js';
import { countUnderWay, moveImport, Overtaken, sweepCut, type ImportState } from './store/import.store.js';
import { FileTooLarge, receiveFile, type Received } from './receive-file.js';

const Taken = z.object({ importId: reply.uuid, state: z.enum(importStates), repeated: reply.flag.describe('The same file with the same parameters was here before') });

const refusals = refusalTable({
  'file-empty': [422, 'فایل خالی رسید. فایل CSV را در بدنهٔ درخواست بفرستید.', 'The file arrived empty. Send the CSV in the body of the request.'],
  'imports-under-way': [409, 'ده فایل شما هنوز در دست است. پایان یکی از آن‌ها را بمانید و دوباره بفرستید.', 'Ten of your files are still under way. Wait for one of them to end and send this one again.'],
  'upload-cut': [400, 'بارگذاری در میانه برید و چیزی ثبت نشد. فایل را دوباره بفرستید.', 'The upload broke off and nothing was kept. Send the file again.'],
});

/** Imports of one buyer at once: each may hold 256 MB until it is read. */
const mostUnderWay = 10;

@Controller('api/orders')
export class ImportOrdersHttp {
  constructor(private readonly source: Source) {}

  /**
   * Takes a CSV file (plain or gzip, up to 256 MB and 2,000,000 rows), stores it as it streams in and answers 202; reading, checking and submitting happen
   * behind. The same file with the same parameters is the same import.
   */
  @Post('import')
  @Allow('buyer')
  @ApiConsumes('text/csv', 'application/octet-stream')
  @ApiBody({ schema: { type: 'string' } })
  @Replies(Taken, { status: 202, refusals })
  async import(@Query() query: ImportQuery, @Req() request: FastifyRequest, @Caller() caller: Caller) {
    const settings = settingsOf(query);
    if (caller.idempotencyKey === undefined) throw problem('idempotency-key-missing');
    if (!isStream(request.body)) throw mediaType;
    const importId = newId();
    await transact(this.source, async (tx) => {
      await sweepCut(tx);
      await tx.run(`insert into imports (import_id, buyer_id, submitted_by, mode, profile, parameters, on_fault, state, received_at, correlationid, parties) values ($1, $2, $3, $4, $5, $6, $7, 'receiving', $8, $9, $10)`,
      [importId, caller.party, caller.subject, settings.mode, settings.profile, JSON.stringify(settings.parameters), settings.onFault, new Date(tx.now).toISOString(), caller.correlationid, [caller.party]]);
    });
    try {
      const received = await receiveFile(this.source, importId, request.body);
      const answer = await this.accept(importId, received, settings, caller);
      if (answer.body.importId !== importId) await this.forget(importId);
      return answer;
    } catch (error) {
      await (error instanceof Problem ? this.forget(importId) : this.giveUp(importId));
      if (error instanceof FileTooLarge) throw problem('body-too-large');
      throw request.raw.aborted ? new Problem('upload-cut', refusals['upload-cut'], { cause: error }) : error;
    }
  }

  private accept(importId: string, { hash, bytes }: Received, settings: ImportSettings, caller: Caller) {
    const fingerprint = createHash('sha256').update(JSON.stringify([hash, settings])).digest('hex');
    return write(this.source, { ...caller, bodyHash: hash }, refusals, async (tx) => {
      if (bytes === 0) return refuse('file-empty');
      // Two uploads of one file at the same moment: the second waits here and then finds the first.
      await tx.sql('select pg_advisory_xact_lock(hashtext($1))', [caller.party + fingerprint]);
      const [same] = await tx.sql<{ import_id: string; state: ImportState }>(
        `select import_id, state from imports where buyer_id = $1 and fingerprint = $2 and (state in ('received', 'staging', 'staged', 'committing') or (state = 'done' and mode = 'commit'))`, [caller.party, fingerprint]);
      if (same !== undefined) return done({ importId: same.import_id, state: same.state, repeated: true });
      if ((await countUnderWay(tx, caller.party)) >= mostUnderWay) return refuse('imports-under-way');
      const moved = await tx.run(`update imports set state = 'received', fingerprint = $2, file_hash = $3, touched_at = clock_timestamp() where import_id = $1 and state = 'receiving'`, [importId, fingerprint, hash]);
      if (moved !== 1) return refuse('upload-cut');
      await tx.schedule({ kind: 'orders/import', key: importId, dueAt: tx.now });
      return done({ importId, state: 'received', repeated: false }, { headers: { location: `/api/orders/imports/${importId}` } });
    });
  }

  /** The sender went away, or we failed: the buyer finds the import cut, whatever became of the connection. */
  private giveUp(importId: string): Promise<void> {
    return transact(this.source, (tx) => moveImport(tx, importId, 'receiving', 'cut', 'upload-cut')).catch((error: unknown) => {
      if (!(error instanceof Overtaken)) throw error;
    });
  }

  /** The file was there already, or is refused: nothing of this upload is kept. */
  private forget(importId: string): Promise<void> {
    return transact(this.source, async (tx) => {
      await tx.run('delete from import_parts where import_id = $1', [importId]);
      await tx.run('delete from imports where import_id = $1', [importId]);
    });
  }
}

type ImportSettings = { readonly mode: 'preview' | 'commit'; readonly profile: 'native' | 'uci-retail'; readonly onFault: 'refuse-all' | 'valid-only'; readonly parameters: Readonly<Record<string, number>> };

/** What the query leaves out is filled in here, so that the same wish has one spelling. Throws when the profile lacks what it needs. */
const settingsOf = ({ mode, profile = 'native', onFault, rate, dateShiftDays, neededWithinDays = 30, ceilingPercent }: ImportQuery): ImportSettings => {
  if (profile === 'native') return { mode, profile, onFault: onFault ?? 'refuse-all', parameters: {} };
  const missing = [...(rate === undefined ? ['rate'] : []), ...(dateShiftDays === undefined ? ['dateShiftDays'] : [])];
  if (rate === undefined || dateShiftDays === undefined) {
    throw problem('validation-failed', { errors: missing.map((path) => ({ path, code: 'missing', fa: 'برای profile=uci-retail لازم است: rate ریالِ هر پوند و dateShiftDays روزهای جابه‌جایی تاریخ', en: 'is needed with profile=uci-retail: rate is rials per pound, dateShiftDays moves the file’s dates' })) });
  }
  return { mode, profile, onFault: onFault ?? 'valid-only', parameters: { rate, dateShiftDays, neededWithinDays, ...(ceilingPercent === undefined ? {} : { ceilingPercent }) } };
};

const mediaType = new Problem('media-type-not-supported', [415,
  'فایل را با content-type برابر text/csv یا application/octet-stream بفرستید.', 'Send the file with content-type text/csv or application/octet-stream.']);

const isStream = (body: unknown): body is AsyncIterable<Buffer> => typeof (body as { [Symbol.asyncIterator]?: unknown } | null)?.[Symbol.asyncIterator] === 'function';
