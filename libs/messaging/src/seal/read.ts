import type { Tx } from '../tx.js';
import type { Seal } from './seal.js';

/** A row of `seals` without its leaves. */
export type SealRow = { readonly number: string; readonly time: Date; readonly count: number; readonly root: Buffer; readonly previous: Buffer; readonly key: string | null; readonly signature: string | null };

export const sealOf = (service: string, { number, time, count, root, previous, key, signature }: SealRow): Seal => ({
  service, number: Number(number), time: time.toISOString(), count, root: root.toString('hex'), previous: previous.toString('hex'),
  ...(key !== null && { key }), ...(signature !== null && { signature }),
});

/** The seals after a number, the oldest first. */
export const sealsAfter = async (tx: Tx, service: string, after: number, limit: number): Promise<Seal[]> =>
  (await tx.sql<SealRow>('select number, time, count, root, previous, key, signature from seals where number > $1 order by number limit $2', [after, limit])).map((row) => sealOf(service, row));
