import type { Pool } from 'pg';
import { hashBytes } from './merkle.js';
import { numberedLeaves } from './tables.sql.js';

/** Numbers from the first up to, but not with, the second. */
export type Range = readonly [from: number, to: number];

/** {[3,5),[9,10)} is 3 up to 5 and 9 up to 10. */
export const rangesOf = (seqs: string): Range[] => [...seqs.matchAll(/\[(\d+),(\d+)\)/g)].map(([, from, to]) => [Number(from), Number(to)]);

/** Facts are hashed by blocks of so many numbers, whichever seals they belong to: one scan without sorting. */
const blockSize = 16_384;
/** Blocks on their way while one is looked at, over as many connections as the pool has. */
const ahead = 3;
/** Blocks kept, half a megabyte each: facts of long transactions are sealed later than their neighbours. */
const mostKept = 24;

type Block = { readonly leaves: Buffer; readonly present: Uint8Array; readonly full: boolean };

/** The leaves of facts as they stand now, by their numbers; `last` is the highest number that will be asked for. */
export const leafReader = (pool: Pool, last: number): ((ranges: readonly Range[]) => Promise<Buffer>) => {
  const blocks = new Map<number, Promise<Block>>();
  const blockAt = (number: number): Promise<Block> => {
    const known = blocks.get(number);
    if (known !== undefined) return known;
    const block = readBlock(pool, number * blockSize);
    block.catch(() => {}); // awaited in its turn
    blocks.set(number, block);
    return block;
  };
  return async (ranges) => {
    const parts: Buffer[] = [];
    for (const [from, to] of ranges) {
      for (let at = from; at < to; ) {
        const number = Math.floor(at / blockSize);
        const start = number * blockSize;
        const end = Math.min(to, start + blockSize);
        const block = blockAt(number);
        for (let next = number + 1; next <= number + ahead && next * blockSize <= last; next++) void blockAt(next);
        addPresent(parts, await block, at - start, end - start);
        at = end;
      }
    }
    for (const number of blocks.keys()) if (blocks.size > mostKept) blocks.delete(number);
    return Buffer.concat(parts);
  };
};

const readBlock = async (pool: Pool, start: number): Promise<Block> => {
  const { rows: [row] } = await pool.query<{ numbered: Buffer | null }>(numberedLeaves, [start, start + blockSize]);
  const [numbered, size] = [row?.numbered ?? Buffer.alloc(0), 4 + hashBytes];
  const [leaves, present] = [Buffer.alloc(blockSize * hashBytes), new Uint8Array(blockSize)];
  for (let at = 0; at < numbered.length; at += size) {
    const place = numbered.readUInt32BE(at);
    numbered.copy(leaves, place * hashBytes, at + 4, at + size);
    present[place] = 1;
  }
  return { leaves, present, full: numbered.length === blockSize * size };
};

const addPresent = (parts: Buffer[], { leaves, present, full }: Block, from: number, to: number): void => {
  for (let at = from; at < to; ) {
    const gap = full ? -1 : present.indexOf(0, at);
    const end = gap < 0 || gap > to ? to : gap;
    if (end > at) parts.push(leaves.subarray(at * hashBytes, end * hashBytes));
    for (at = end; at < to && present[at] === 0; ) at++;
  }
};
