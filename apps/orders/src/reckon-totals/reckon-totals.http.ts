import { Controller, Get } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, read, Replies, reply } from '@peyvand/platform';
import { z } from 'zod';

const text = `
  select l.*, m.*, o.*, q.queued from
    (select count(*)::int as lines, coalesce(sum(quantity), 0)::text as ordered, coalesce(sum(matched), 0)::text as matched, coalesce(sum(waiting), 0)::text as waiting,
      coalesce(sum(unmatched), 0)::text as unmatched, coalesce(sum(cancelled), 0)::text as cancelled from lines) l,
    (select count(*)::int as matches, coalesce(sum(amount) filter (where state <> 'released'), 0)::text as matched_rials, coalesce(sum(amount) filter (where state in ('accepted', 'secured', 'done')), 0)::text as agreed_rials from matches) m,
    (select coalesce(sum(capacity) filter (where not withdrawn), 0)::text as offered, coalesce(sum(committed), 0)::text as committed, count(*) filter (where committed > ceiling)::int as oversold from offers) o,
    (select count(*)::int as queued from queue where ready) q`;

const states = 'select status, count(*)::int as orders from orders group by status';

type Row = { lines: number; ordered: string; matched: string; waiting: string; unmatched: string; cancelled: string; matches: number; matched_rials: string; agreed_rials: string; offered: string; committed: string; oversold: number; queued: number };

const units = reply.text.describe('Units; a sum may pass what a number holds');

const Totals = z.object({
  lines: reply.whole, ordered: units, matched: units, waiting: units, unmatched: units, cancelled: units, matches: reply.whole, matchedRials: reply.rials, agreedRials: reply.rials, offered: units, committed: units,
  oversold: reply.whole.describe('0, or an offer is promised beyond its capacity'), queued: reply.whole, orders: z.record(z.string(), reply.whole).describe('By status'),
});

/** For reconciliation: ordered = matched + waiting + unmatched + cancelled, and what is matched is what offers are committed for. */
@Controller('api/orders')
export class ReckonTotalsHttp {
  constructor(private readonly source: Source) {}

  @Get('totals')
  @Allow('operator')
  @Replies(Totals)
  totals(@Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const [row] = await tx.sql<Row>(text);
      if (row === undefined) throw new Error('An aggregate answered no row');
      const orders = await tx.sql<{ status: string; orders: number }>(states);
      const { matched_rials: matchedRials, agreed_rials: agreedRials, ...totals } = row;
      return { ...totals, matchedRials, agreedRials, orders: Object.fromEntries(orders.map((one) => [one.status, one.orders])) };
    });
  }
}
