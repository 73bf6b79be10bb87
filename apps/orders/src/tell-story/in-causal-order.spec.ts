import { describe, expect, it } from '@jest/globals';
import { inCausalOrder, type Told } from './in-causal-order.js';

const at = (second: number): string => `2026-03-21T08:00:${String(second).padStart(2, '0')}.000Z`;
/** A name that says when its UUIDv7 was made, as far as the order of a story looks into it. */
const made = (wall: number, name: string): string => `0199c0de-${String(wall).padStart(4, '0')}-${name}`;
type Draft = { readonly name: string; readonly time: number; readonly wall?: number; readonly cause?: Draft };
const told = ({ name, time, wall = time, cause }: Draft): Told =>
  ({ id: made(wall, name), type: 't', name, summary: '', time: at(time), data: {}, ...(cause === undefined ? {} : { causationid: made(cause.wall ?? cause.time, cause.name) }) });
const order = (...drafts: Draft[]): string => inCausalOrder(drafts.map(told)).map(({ name }) => name).join(' ');

describe('the order of a story', () => {
  it('is that of business time', () => {
    expect(order({ name: 'c', time: 3 }, { name: 'a', time: 1 }, { name: 'b', time: 2 })).toBe('a b c');
  });

  it('never has an effect before its cause, whatever the clocks say', () => {
    const cause = { name: 'cause', time: 3 };
    const effect = { name: 'effect', time: 2, cause };
    const last = { name: 'last', time: 1, cause: effect };
    expect(order(last, effect, cause)).toBe('cause effect last');
  });

  it('goes by the wall while the business clock stands', () => {
    const issued = { name: 'issued', time: 1, wall: 2, cause: { name: 'submitted', time: 1, wall: 1 } };
    expect(order({ name: 'accepted', time: 1, wall: 3 }, issued, { name: 'submitted', time: 1, wall: 1 })).toBe('submitted issued accepted');
  });

  it('has what one decision tells together before what comes of it, even when both clocks of the other service are behind', () => {
    const paid = { name: 'paid', time: 5 };
    const settled = { name: 'settled', time: 5, cause: paid };
    expect(order({ name: 'closed', time: 4, cause: settled }, { name: 'zz-released', time: 5, cause: paid }, settled, paid)).toBe('paid settled zz-released closed');
  });

  it('is the same however the facts come, and lets ids decide what nothing else does', () => {
    const [a, b] = [{ name: 'a', time: 1 }, { name: 'b', time: 1 }];
    const facts = [b, a, { name: 'd', time: 1, cause: a }, { name: 'c', time: 1, cause: b }];
    expect(order(...facts)).toBe('a b c d');
    expect(order(...facts.reverse())).toBe('a b c d');
  });

  it('orders nothing by a cause that is not there, and ends on a circle', () => {
    const elsewhere = { name: 'elsewhere', time: 1 };
    expect(order({ name: 'b', time: 2, cause: elsewhere }, { name: 'a', time: 1, cause: elsewhere })).toBe('a b');
    const one: Draft = { name: 'one', time: 1, cause: { name: 'other', time: 2 } };
    expect(order(one, { name: 'other', time: 2, cause: one }).split(' ').sort()).toEqual(['one', 'other']);
    expect(order()).toBe('');
  });
});
