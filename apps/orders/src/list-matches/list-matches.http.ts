import { Controller, Get, Param, Query } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, cursorOf, OneOf, page, pageOf, PageQuery, read, Replies, Uuid, valuesOf } from '@peyvand/platform';
import { z } from 'zod';
import { matchColumns, matchOf, type MatchRow } from '../store/match.store.js';
import { Match, matchStates as states, shownMatch } from './shown-match.js';

export class MatchesQuery extends PageQuery {
  @OneOf(states, { optional: true }) status?: (typeof states)[number];
  @Uuid({ optional: true, description: 'Only matches of this order' }) orderId?: string;
}

// Newest first. Two index scans, because an OR of buyer and seller would read both sides' whole history. The state stands in the text as
// a constant: only so can the planner use the partial indexes of the states that wait for someone, which people and their systems poll.
const mine = (state: string): string => `
  select ${matchColumns}, m.made_at::text as made_at from (
    (select * from matches where seller_id = $1 and state <> 'proposed' and (made_at, match_id) < ($2::timestamptz, $3::uuid) and ($4::uuid is null or order_id = $4)${state}
      order by made_at desc, match_id desc limit $5)
    union all
    (select * from matches where buyer_id = $1 and (made_at, match_id) < ($2::timestamptz, $3::uuid) and ($4::uuid is null or order_id = $4)${state}
      order by made_at desc, match_id desc limit $5)) m
  order by m.made_at desc, m.match_id desc limit $5`;

const everybodys = (state: string): string => `
  select ${matchColumns}, m.made_at::text as made_at from matches m
  where (made_at, match_id) < ($1::timestamptz, $2::uuid) and ($3::uuid is null or order_id = $3)${state} order by made_at desc, match_id desc limit $4`;

const filterOf = (status: MatchesQuery['status']): string => (status === undefined ? '' : ` and state = '${states[states.indexOf(status)]}'`);

@Controller('api/orders/matches')
@Allow('buyer', 'approver', 'storekeeper', 'signatory', 'producer', 'operator')
export class ListMatchesHttp {
  constructor(private readonly source: Source) {}

  /** The caller's own matches, as buyer and as seller; the operator's are everybody's. */
  @Get()
  @Replies(pageOf(Match))
  async list(@Query() query: MatchesQuery, @Caller() caller: Caller) {
    const limit = query.limit ?? 50;
    const [madeAt, matchId] = query.cursor === undefined ? ['infinity', last] : valuesOf(query.cursor, z.tuple([z.string(), z.uuid()]));
    const filters = [madeAt, matchId, query.orderId ?? null, limit + 1];
    const state = filterOf(query.status);
    const rows = await read(this.source, caller, (tx) =>
      (caller.roles.includes('operator') ? tx.sql<MatchRow & { made_at: string }>(everybodys(state), filters) : tx.sql<MatchRow & { made_at: string }>(mine(state), [caller.party, ...filters])));
    const shown = rows.slice(0, limit);
    const end = shown.at(-1);
    return page(shown.map((row) => shownMatch(matchOf(row))), rows.length > limit && end !== undefined ? cursorOf([end.made_at, end.match_id]) : undefined);
  }

  @Get(':matchId')
  @Replies(Match)
  one(@Param('matchId') matchId: string, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const [row] = await tx.sql<MatchRow>(`select ${matchColumns} from matches m where m.match_id = $1`, [matchId]);
      return row === undefined ? undefined : shownMatch(matchOf(row));
    });
  }
}

const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
