import { Controller, Get } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, page, pageOf, read, Replies, reply } from '@peyvand/platform';
import { z } from 'zod';

const Balance = z.object({ account: reply.text, balance: reply.balance });

const Totals = z.object({
  transfers: reply.whole, moved: reply.rials, disbursed: reply.rials, accounts: z.array(Balance), sum: reply.balance.describe('0, or something wrote a transfer that is not the ledger'),
  activeLiens: reply.whole, mostLiensOnOneReceivable: reply.whole,
});

/** Balances are sums of transfers: debits less credits, so what one owns is positive and what one owes negative. */
@Controller('api/financing/ledger')
export class ReadLedgerHttp {
  constructor(private readonly source: Source) {}

  @Get()
  @Allow('buyer', 'approver', 'producer', 'funder')
  @Replies(pageOf(Balance))
  own(@Caller() caller: Caller) {
    return read(this.source, caller, async (tx) =>
      page(await tx.sql<{ account: string; balance: string }>(
        `select account, sum(amount)::text as balance from (
           select debit_kind as account, amount from transfers where debit_party = $1
           union all select credit_kind, -amount from transfers where credit_party = $1) own
         group by account order by account`, [caller.party])));
  }

  /** Over all accounts the sum is zero, or a transfer was written by something that is not the ledger. */
  @Get('totals')
  @Allow('operator')
  @Replies(Totals)
  totals(@Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const accounts = await tx.sql<{ account: string; balance: string }>(
        `select account, sum(amount)::text as balance from (
           select debit_kind as account, amount from transfers union all select credit_kind, -amount from transfers) every
         group by account order by account`);
      const [count] = await tx.sql<{ transfers: number; moved: string; disbursed: string }>(
        `select count(*)::int as transfers, coalesce(sum(amount), 0)::text as moved, coalesce(sum(amount) filter (where kind = 'funds-disbursed' and debit_kind = 'cash'), 0)::text as disbursed from transfers`);
      const [active] = await tx.sql<{ liens: number; most: number }>('select coalesce(sum(n), 0)::int as liens, coalesce(max(n), 0)::int as most from (select count(*) as n from liens where active group by case_id) per');
      if (count === undefined || active === undefined) throw new Error('An aggregate answered no row');
      return { ...count, accounts, sum: String(accounts.reduce((sum, { balance }) => sum + BigInt(balance), 0n)), activeLiens: active.liens, mostLiensOnOneReceivable: active.most };
    });
  }
}
