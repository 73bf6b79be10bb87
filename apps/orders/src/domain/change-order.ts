import { accept, refuse, type Day, type Decision } from '@peyvand/kernel';
import type { Line, Order, Wish } from './order.js';
import { substituteFault, withoutRepeats, type Kind } from './substitutes.js';

export type LineChange = Partial<Wish> & { readonly lineId: string };
export type OrderRefusal = 'order-already-ended' | 'order-changed-meanwhile' | 'lines-invalid';
type Changed = { readonly order: Order; readonly lines: readonly Line[]; readonly touched: readonly Line[] };
/** The day, and the variants that the changes name as substitutes, as far as they are known. */
type Now = { readonly today: Day; readonly known: ReadonlyMap<string, Kind> };
type LineFault = { readonly path: string; readonly code: string };

/**
 * The buyer changes what was not matched yet. The quantity may not go below what is matched; everything else of a line may change
 * while part of it is still to be matched. What was unmatched waits again: the change may be its cure.
 */
export const changeOrder = (
  order: Order, lines: readonly Line[], changes: readonly LineChange[], now: Now, revision?: number,
): Decision<Changed, never, OrderRefusal> => {
  if (hasEnded(order)) return refuse('order-already-ended', { status: endedAs(order) });
  if (revision !== undefined && revision !== order.revision) return refuse('order-changed-meanwhile', { revision: order.revision });
  const byId = new Map(lines.map((line) => [line.lineId, line]));
  const faults: LineFault[] = [];
  const touched = changes.flatMap((change, index): Line[] => {
    const line = byId.get(change.lineId);
    const fault = line === undefined ? { path: 'lineId', code: 'line-unknown' } : faultOf(line, change, now);
    if (fault !== undefined) faults.push({ ...fault, path: `lines[${index}].${fault.path}` });
    return line === undefined || fault !== undefined ? [] : [applied(line, change)];
  });
  if (faults.length > 0) return refuse('lines-invalid', { errors: faults });
  const news = new Map(touched.map((line) => [line.lineId, line]));
  return accept({ order: { ...order, revision: order.revision + 1 }, lines: lines.map((line) => news.get(line.lineId) ?? line), touched });
};

const faultOf = (line: Line, { lineId: _lineId, ...wish }: LineChange, { today, known }: Now): LineFault | undefined => {
  const placed = line.matched + line.cancelled;
  const quantity = wish.quantity ?? line.quantity;
  if (quantity < Math.max(1, placed)) return { path: 'quantity', code: 'quantity-below-matched' };
  if (placed === line.quantity && quantity === placed) return { path: 'lineId', code: 'line-already-matched' };
  if ((wish.minimumFill ?? line.minimumFill ?? 0) > quantity) return { path: wish.minimumFill === undefined ? 'quantity' : 'minimumFill', code: 'minimum-fill-above-quantity' };
  if (wish.neededBy !== undefined && wish.neededBy < today) return { path: 'neededBy', code: 'needed-by-past' };
  for (const [at, id] of (wish.substitutes ?? []).entries()) {
    const code = id === line.variantId ? undefined : substituteFault(line, known.get(id));
    if (code !== undefined) return { path: `substitutes[${at}]`, code };
  }
  return undefined;
};

const applied = (line: Line, { lineId: _lineId, ...wish }: LineChange): Line => {
  const quantity = wish.quantity ?? line.quantity;
  const { reason: _reason, cure: _cure, ...rest } = line;
  const substitutes = withoutRepeats(wish.substitutes ?? line.substitutes, line.variantId);
  return { ...rest, ...wish, substitutes, quantity, waiting: quantity - line.matched - line.cancelled, unmatched: 0, final: false };
};

/** Nothing more can be asked of it. */
export const hasEnded = (order: Order): boolean => order.cancelled || order.status !== 'open';
export const endedAs = (order: Order): string => (order.cancelled ? 'cancelled' : order.status);

/** What of a line can still be taken back: all that is not matched. Matched units come back when their match is released. */
export const cancelLine = (line: Line): Line => ({ ...line, waiting: 0, unmatched: 0, cancelled: line.cancelled + line.waiting + line.unmatched });
