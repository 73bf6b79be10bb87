import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newStory } from '../../test-support/contracts.js';
import { newSource } from '../../test-support/database.js';
import type { Source } from '../index.js';
import { leafReader, type Range } from './leaves.js';
import { factsIn } from './tables.sql.js';

describe('leaves read by blocks', () => {
  const { orders } = newStory();
  const last = 120_000;
  let source: Source;

  beforeAll(async () => {
    source = await newSource(orders);
    // Around the ends of blocks and in one whole block every number, elsewhere few.
    await source.pool.query(`insert into facts (seq, id, type, key, time, recordedtime, causationid, correlationid, parties, data)
      overriding system value select n, gen_random_uuid(), 't', 'k', now(), now(), 'c', 'c', '{}', json_build_object('n', n) from generate_series(1, $1::int) n
      where n % 16384 in (0, 1, 2, 16383) or n % 97 = 0 or n between 32768 and 49151`, [last]);
  });
  afterAll(() => source.data.destroy());

  it.each<[string, readonly Range[]]>([
    ['within a block', [[90, 800]]],
    ['over the end of a block', [[16_380, 16_390]]],
    ['a whole block and its neighbours', [[32_700, 49_200]]],
    ['many ranges, some of them empty', [[1, 3], [5, 9], [16_383, 16_386], [70_000, 100_001], [119_999, 120_001]]],
    ['all, and beyond', [[1, last + 40_000]]],
    ['none', []],
  ])('are those in the order of their numbers: %s', async (_what, ranges) => {
    const { rows: [row] } = await source.pool.query<{ leaves: Buffer | null }>(`select string_agg(leaf, ''::bytea order by seq) as leaves from ${factsIn('$1::int8multirange')} f`, [`{${ranges.map(([from, to]) => `[${from},${to})`).join(',')}}`]);
    expect(await leafReader(source.pool, last)(ranges)).toEqual(row?.leaves ?? Buffer.alloc(0));
  });

  it('are read again where ranges lie far back', async () => {
    const leavesOf = leafReader(source.pool, last);
    const early = await leavesOf([[1, 100]]);
    await leavesOf([[1, last * 8]]);
    expect(await leavesOf([[1, 100]])).toEqual(early);
  });
});
