import { createHash } from 'node:crypto';
import { transact, type Source } from '@peyvand/messaging';

/** Bytes kept per row of import_parts: one buffer of this size is all an upload holds. */
const partSize = 524_288;
const mostBytes = 268_435_456;

export class FileTooLarge extends Error {}

export type Received = { readonly hash: string; readonly bytes: number };

/**
 * Stores an upload as it streams in, part by part, and answers its SHA-256. Throws what the stream throws when the client goes away,
 * FileTooLarge beyond 256 MB.
 */
export const receiveFile = async (source: Source, importId: string, body: AsyncIterable<Buffer>): Promise<Received> => {
  const hash = createHash('sha256');
  let [pending, waiting, bytes, part]: [Buffer[], number, number, number] = [[], 0, 0, 0];
  const store = async (): Promise<void> => {
    const content = Buffer.concat(pending);
    [pending, waiting] = [[], 0];
    await transact(source, async (tx) => {
      await tx.run('insert into import_parts values ($1, $2, $3)', [importId, part, content]);
      await tx.run('update imports set bytes = bytes + $2, touched_at = clock_timestamp() where import_id = $1', [importId, content.length]);
    });
    part += 1;
  };
  for await (const chunk of body) {
    hash.update(chunk);
    pending.push(chunk);
    waiting += chunk.length;
    bytes += chunk.length;
    if (bytes > mostBytes) throw new FileTooLarge();
    if (waiting >= partSize) await store();
  }
  if (waiting > 0) await store();
  return { hash: hash.digest('hex'), bytes };
};

const pieceSize = 65_536;

/** The stored parts in order, one in memory at a time. */
export async function* partsOf(source: Source, importId: string): AsyncGenerator<Buffer> {
  for (let part = 0; ; part += 1) {
    const [row] = await transact(source, (tx) => tx.sql<{ bytes: Buffer }>('select bytes from import_parts where import_id = $1 and part = $2', [importId, part]), { readOnly: true });
    if (row === undefined) return;
    // Small pieces: a parser makes all records of a piece before the first is taken.
    for (let at = 0; at < row.bytes.length; at += pieceSize) yield row.bytes.subarray(at, at + pieceSize);
  }
}
