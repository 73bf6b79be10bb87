import type { UnmatchedLine } from '@peyvand/matching';
import type { Line } from './order.js';

export type AfterRound = {
  readonly line: Line;
  /** Units nothing was found for. */
  readonly rest: number;
  /** Stays in the queue until an offer or capacity comes. */
  readonly held: boolean;
  /** The buyer is told why (once: a back-order that fails again for the same reason stays silent). */
  readonly told: boolean;
};

/** Where a line's waiting units are after a round that found `found` of them. */
export const afterRound = (line: Line, found: number, unmatched: UnmatchedLine | undefined): AfterRound => {
  const { reason: _reason, cure: _cure, ...bare } = line;
  const rest = line.waiting - found;
  if (rest < 0) throw new Error(`A round found ${found} for line ${line.lineId}, which waited for ${line.waiting}`);
  const matched = line.matched + found;
  if (rest === 0) return { line: { ...bare, matched, waiting: 0 }, rest, held: false, told: false };
  if (unmatched === undefined) throw new Error(`No reason was given for the rest of line ${line.lineId}`);
  const why = { reason: unmatched.reason, cure: unmatched.cure };
  if (line.fillPolicy === 'back-order') return { line: { ...bare, ...why, matched, waiting: rest }, rest, held: true, told: found > 0 || line.reason !== unmatched.reason };
  return { line: { ...bare, ...why, matched, waiting: 0, unmatched: line.unmatched + rest }, rest, held: false, told: true };
};
