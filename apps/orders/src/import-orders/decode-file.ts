import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse, type Parser } from 'csv-parse';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1256';

/** The bytes end before the file does: an upload or a gzip that was cut. */
export class FileCut extends Error {}
/** More text than any honest file of orders holds: a few bytes of gzip can say a great deal. */
export class TooMuchText extends Error {}
/** The bytes are no UTF-8 although nothing said otherwise. */
export class NotUtf8 extends Error {}
/** Quotes or separators that cannot be read on. */
export class MalformedCsv extends Error {
  constructor(readonly line: number, message: string) {
    super(message);
  }
}

export type CsvRecord = { readonly line: number; readonly cells: readonly string[] };

/** Bytes of a file after unzipping. */
export const mostText = 1_073_741_824;

/** A record longer than this is a quote that was never closed. */
const longestRecord = 131_072;

/**
 * The records of a CSV file given as raw chunks: gunzips, finds the encoding (BOM, else UTF-16 by its zeros, else `otherwise`) and the
 * separator (comma, semicolon or tab, whichever the header has most of). Holds one chunk at a time. Throws TooMuchText beyond `most` bytes.
 */
export async function* recordsOf(chunks: AsyncIterable<Buffer>, otherwise: 'utf-8' | 'windows-1256', most = mostText): AsyncGenerator<CsvRecord> {
  const text = decoded(upTo(most, unzipped(chunks)), otherwise);
  const { head, rest } = await firstLine(text);
  if (head.trim() === '') return;
  const parser = parse({ delimiter: delimiterOf(head), record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true, relax_quotes: true, skip_empty_lines: true, info: true, max_record_size: longestRecord });
  const feed = Readable.from(rest);
  feed.on('error', (error) => parser.destroy(error));
  feed.pipe(parser);
  try {
    for await (const { record, info } of parser as Parser & AsyncIterable<{ record: string[]; info: { lines: number } }>) yield { line: info.lines, cells: record };
  } catch (error) {
    const { code, lines } = error as { code?: unknown; lines?: unknown };
    throw typeof code === 'string' && code.startsWith('CSV_') ? new MalformedCsv(typeof lines === 'number' ? lines : 0, (error as Error).message) : error;
  } finally {
    feed.destroy();
  }
}

async function* unzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = chunks[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done === true) return;
  const all = (async function* () {
    yield first.value;
    for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
  })();
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
    yield* all;
    return;
  }
  const gunzip = createGunzip();
  const feed = Readable.from(all);
  feed.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of feed.pipe(gunzip)) yield chunk as Buffer;
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw code === 'Z_BUF_ERROR' || code === 'Z_DATA_ERROR' ? new FileCut('The gzip ends early or is damaged') : error;
  }
}

async function* upTo(most: number, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > most) throw new TooMuchText(`More than ${most} bytes`);
    yield chunk;
  }
}

async function* decoded(chunks: AsyncIterable<Buffer>, otherwise: 'utf-8' | 'windows-1256'): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  try {
    for await (const chunk of chunks) {
      decoder ??= new TextDecoder(encodingOf(chunk) ?? otherwise, { fatal: true });
      yield decoder.decode(chunk, { stream: true });
    }
    if (decoder !== undefined) yield decoder.decode();
  } catch (error) {
    throw (error as { code?: unknown }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? new NotUtf8('The bytes are not valid in the encoding') : error;
  }
}

/** By byte-order mark, or by the zeros that Latin text has in UTF-16. */
export const encodingOf = (start: Buffer): Encoding | undefined => {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  const looked = Math.min(start.length, 2_000);
  for (let i = 0; i < looked; i += 1) if (start[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd < looked / 40) return undefined;
  return odd > even ? 'utf-16le' : 'utf-16be';
};

const firstLine = async (text: AsyncGenerator<string>): Promise<{ head: string; rest: AsyncGenerator<string> }> => {
  let head = '';
  while (!/[\r\n]/.test(head) && head.length < longestRecord) {
    const next = await text.next();
    if (next.done === true) break;
    head += next.value;
  }
  const rest = (async function* () {
    yield head;
    yield* text;
  })();
  return { head: head.split(/[\r\n]/)[0] ?? '', rest };
};

const delimiterOf = (header: string): string => {
  const bare = header.replace(/"[^"]*"/g, '');
  const count = (mark: string): number => bare.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
};
