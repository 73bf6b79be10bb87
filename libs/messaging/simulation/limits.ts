import type { Tx } from '../src/tx.js';
import type { Database } from './database.js';
import type { Transaction } from './rows.js';
import { useLimit } from './statements.js';

/** Facts, heard singly and in batches, that lock rows which everybody needs, as deadlines and the outcomes of errands do. */
export const movers: readonly string[] = ['moves', 'moves-together'];

/** Two rows, every other time in the other order. */
export const move = async (tx: Tx, n: number): Promise<void> => {
  for (const limit of [n % 2, 1 - (n % 2)]) await tx.run(useLimit, [`limit ${limit}`]);
};

/** Whatever was begun anew: whatever took effect has used its two limits once. */
export const limitsBroken = (database: Database, kindOf: (n: number) => string): string | undefined => {
  const used = database.committed('limits').reduce((sum, limit) => sum + Number(limit.used), 0);
  const moved = database.committed('effect').filter(({ by, n }) => (by === 'heard' ? movers.includes(kindOf(Number(n))) : by === 'due' || String(by).startsWith('recorded'))).length;
  return used === 2 * moved ? undefined : `${moved} moves used ${used} limits`;
};

/** A circle that should not be where a service's own transactions take turns. A single statement outside of one takes none, and may be part of a circle. */
export const isOutOfTurn = (circle: readonly Transaction[]): boolean => circle.every(({ single }) => !single);
