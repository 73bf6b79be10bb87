import { contractOf, factContracts } from '@peyvand/contracts';
import { cursorOf, PageQuery, Problem, problem, refusalTable, Text, Texts, valuesOf } from '@peyvand/platform';
import { z } from 'zod';
import type { Head } from '../store/feed.store.js';

export class FeedQuery extends PageQuery {
  @Text({ min: 0, max: 500, optional: true, description: 'The cursor after which to read: `next` of the last answer or the id of the last event; `now` for what comes from now on; left out, from the beginning' })
  after?: string;

  @Texts({ max: 100, length: 120, optional: true, description: 'Only these facts, by name (InvoiceApproved) or full type, separated by commas' })
  types?: string[];
}

export const feedRefusals = refusalTable({
  'fact-type-unknown': [400, 'رویدادی به این نام نیست. نام‌ها را در /api/asyncapi.json ببینید؛ ناشناخته: {unknown}.', 'There is no fact of that name. See the names in /api/asyncapi.json; unknown: {unknown}.'],
});

/** Throws a problem when the cursor is not of this feed: after a reset a reader must begin anew instead of waiting for ever. */
export const positionOf = (after: string | undefined, head: Head): number => {
  if (after === undefined || after === '') return 0;
  if (after === 'now') return head.position;
  const [epoch, position] = valuesOf(after, z.tuple([z.string(), z.int().min(0)]));
  if (epoch !== head.epoch || position > head.position) throw problem('cursor-invalid');
  return position;
};

export const cursorAt = (epoch: string, position: number): string => cursorOf([epoch, position]);

const byName = new Map(factContracts.map(({ name, type }) => [name, type]));

/** Full types. Throws naming every word that is no fact. */
export const typesOf = (names: readonly string[] | undefined): string[] | undefined => {
  if (names === undefined || names.length === 0) return undefined;
  const unknown = names.filter((name) => !byName.has(name) && contractOf(name) === undefined);
  if (unknown.length > 0) {
    throw new Problem('fact-type-unknown', feedRefusals['fact-type-unknown'], { details: { unknown: unknown.join(', ') } });
  }
  return names.map((name) => byName.get(name) ?? name);
};
