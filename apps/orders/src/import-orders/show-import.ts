import { reply } from '@peyvand/platform';
import { z } from 'zod';
import type { Import, ImportState } from './store/import.store.js';

export const importStates = ['receiving', 'cut', 'received', 'staging', 'staged', 'committing', 'done', 'failed'] as const;

export const ShownImport = z.object({
  importId: reply.uuid, mode: z.enum(['preview', 'commit']), profile: z.enum(['native', 'uci-retail']), parameters: z.record(z.string(), reply.number), onFault: z.enum(['refuse-all', 'valid-only']),
  state: z.enum(importStates), reason: reply.text.optional(), message: reply.text.describe('What became of it, in words'), progress: reply.whole.max(100).describe('Per cent'),
  file: z.object({ bytes: reply.whole, sha256: reply.text.optional(), encoding: z.enum(['utf-8', 'windows-1256']).optional() }), rows: z.object({ read: reply.whole, valid: reply.whole, faulty: reply.whole }),
  orders: z.object({ found: reply.whole, submitted: reply.whole }), lines: z.object({ submitted: reply.whole }), quantity: z.object({ valid: reply.whole, submitted: reply.whole }),
  receivedAt: reply.moment, endedAt: reply.moment.optional(),
}).meta({ id: 'Import' });

export type ImportRow = {
  import_id: string; mode: Import['mode']; profile: Import['profile']; parameters: Import['parameters']; on_fault: Import['onFault']; state: ImportState; reason: string | null; file_hash: string | null; bytes: string; encoding: Import['encoding'];
  rows_read: number; lines_valid: number; quantity_valid: string; orders_total: number; chunks: number; chunks_checked: number; chunks_committed: number; orders_committed: number; lines_committed: number;
  quantity_committed: string; received_at: string; ended_at: string | null; stale: boolean;
};

/** An upload that has not moved for this long has lost its sender. */
export const importColumns = `
  import_id, mode, profile, parameters, on_fault, state, reason, file_hash, bytes::text as bytes, encoding, rows_read, lines_valid, quantity_valid::text as quantity_valid, orders_total, chunks, chunks_checked,
  chunks_committed, orders_committed, lines_committed, quantity_committed::text as quantity_committed, received_at::text as received_at, ended_at::text as ended_at,
  state = 'receiving' and touched_at < clock_timestamp() - interval '90 seconds' as stale`;

/** An import as its buyer reads it: how far it is, what it counted, and in words what became of it. */
export const shownImport = (row: ImportRow, locale: 'fa' | 'en') => {
  const state = row.stale ? 'cut' : row.state;
  const reason = row.stale ? 'upload-cut' : row.reason;
  const words = sentences[reason ?? state];
  return {
    importId: row.import_id, mode: row.mode, profile: row.profile, parameters: row.parameters, onFault: row.on_fault, state, ...(reason === null ? {} : { reason }),
    message: words?.[locale === 'fa' ? 0 : 1] ?? '',
    progress: progressOf(row),
    file: { bytes: Number(row.bytes), ...(row.file_hash === null ? {} : { sha256: row.file_hash }), ...(row.encoding === null ? {} : { encoding: row.encoding }) },
    rows: { read: row.rows_read, valid: row.lines_valid, faulty: row.rows_read - row.lines_valid },
    orders: { found: row.orders_total, submitted: row.orders_committed },
    lines: { submitted: row.lines_committed },
    quantity: { valid: Number(row.quantity_valid), submitted: Number(row.quantity_committed) },
    receivedAt: new Date(row.received_at).toISOString(), ...(row.ended_at === null ? {} : { endedAt: new Date(row.ended_at).toISOString() }),
  };
};

/** Per cent; reading the rows counts for the first half, since how many there are is known only then. */
const progressOf = ({ state, chunks, chunks_checked: checked, chunks_committed: committed, mode, on_fault: onFault }: ImportRow): number => {
  if (state === 'done') return 100;
  if (chunks === 0) return state === 'staging' ? 25 : 0;
  const passes = mode === 'commit' && onFault === 'refuse-all' ? 2 : 1;
  return Math.floor(50 + (49 * (checked + committed)) / (passes * chunks));
};

const sentences: Readonly<Record<string, readonly [fa: string, en: string]>> = {
  'receiving': ['فایل در حال رسیدن است.', 'The file is arriving.'],
  'received': ['فایل رسید و در نوبت خواندن است.', 'The file is here and waits to be read.'],
  'staging': ['سطرها خوانده می‌شود.', 'The rows are being read.'],
  'staged': ['سفارش‌ها سنجیده می‌شود.', 'The orders are being checked.'],
  'committing': ['سفارش‌ها ثبت می‌شود.', 'The orders are being submitted.'],
  'done': ['پایان یافت. سطرهای پذیرفته‌نشده با دلیل در فهرست خطاهاست.', 'Finished. Rows that were not taken are in the list of faults with their reasons.'],
  'upload-cut': ['بارگذاری در میانه برید؛ هیچ سفارشی ثبت نشد. فایل را دوباره بفرستید.', 'The upload broke off; no order was submitted. Send the file again.'],
  'file-cut': ['فایل فشرده ناقص یا آسیب‌دیده است؛ هیچ سفارشی ثبت نشد. فایل درست را بفرستید.', 'The compressed file is incomplete or damaged; no order was submitted. Send an intact file.'],
  'header-invalid': ['سرستون‌ها خوانا نیست؛ هیچ سفارشی ثبت نشد. ستون‌های فهرست خطاها را درست کنید.', 'The header cannot be used; no order was submitted. Mend the columns in the list of faults.'],
  'malformed-csv': ['ساختار CSV نادرست است؛ هیچ سفارشی ثبت نشد. سطر گفته‌شده را درست کنید.', 'The CSV is malformed; no order was submitted. Mend the row in the list of faults.'],
  'too-many-rows': ['فایل بیش از ۲٬۰۰۰٬۰۰۰ سطر دارد؛ هیچ سفارشی ثبت نشد. آن را چند فایل کنید.', 'The file has more than 2,000,000 rows; no order was submitted. Split it into several files.'],
  'too-many-faults': ['بیشتر سطرها نادرست است؛ خواندن پس از ۱۰۰٬۰۰۰ خطا پایان یافت و هیچ سفارشی ثبت نشد. ستون‌ها و قالب آن‌ها را بسنجید.', 'Most rows are faulty; reading stopped after 100,000 of them and no order was submitted. Check the columns and how they are written.'],
  'too-much-text': ['فایل پس از باز شدن بیش از یک گیگابایت است؛ هیچ سفارشی ثبت نشد. آن را چند فایل کنید.', 'Unzipped, the file holds more than a gigabyte; no order was submitted. Split it into several files.'],
  'no-rows': ['فایل سطری ندارد؛ زیر سرستون‌ها دست‌کم یک سطر بنویسید.', 'The file has no rows; write at least one below the header.'],
  'has-faults': ['فایل خطا دارد و onFault=refuse-all است؛ هیچ سفارشی ثبت نشد. سطرها را درست کنید یا onFault=valid-only بفرستید.', 'The file has faults and onFault is refuse-all; no order was submitted. Mend the rows or send onFault=valid-only.'],
  'nothing-valid': ['هیچ سطری پذیرفتنی نبود؛ هیچ سفارشی ثبت نشد. فهرست خطاها را ببینید.', 'No row was acceptable; no order was submitted. See the list of faults.'],
};
