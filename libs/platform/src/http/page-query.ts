import { Text, Whole } from './fields.js';

/** The query of a cursor list. Extend it with the list's own filters. */
export class PageQuery {
  @Whole({ min: 1, max: 200, optional: true, description: 'Items per page; 50 when left out' })
  limit?: number;

  @Text({ max: 500, optional: true, description: 'The cursor of the next page, from `next`' })
  cursor?: string;
}
