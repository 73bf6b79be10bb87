import { Body, Controller, Get, Post } from '@nestjs/common';
import { maskSheba, parseSheba, refuse, type Sheba } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, read, refusalsOf, Replies, reply, Text, write } from '@peyvand/platform';
import { z } from 'zod';
import { refusals } from '../financing.refusals.js';

export class AccountBody {
  @Text({ max: 40, description: 'The account the party is paid to' }) sheba: string;
}

const registering = refusalsOf(refusals, 'account-not-valid');

const masked = reply.text.meta({ examples: ['IR62…0202'] });

/** A party's own account. It is used only after the bank said whose it is; another Sheba starts the question anew. */
@Controller('api/financing/accounts')
export class VerifyAccountHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('producer', 'approver')
  @Replies(z.object({ sheba: masked }), { refusals: registering })
  register(@Body() body: AccountBody, @Caller() caller: Caller) {
    return write(this.source, caller, registering, async (tx) => {
      const sheba = parseSheba(body.sheba);
      if (!sheba.ok) return refuse('account-not-valid', { fault: sheba.reason });
      const changed = await tx.run(
        `insert into accounts (party_id, sheba, state, since, parties) values ($1, $2, 'checking', $3, array[$1::uuid])
         on conflict (party_id) do update set sheba = excluded.sheba, state = 'checking', since = excluded.since, reason = null where accounts.sheba <> excluded.sheba`,
        [caller.party, sheba.value, new Date(tx.now)]);
      if (changed > 0) await tx.schedule({ kind: 'bank/verify-account', key: caller.party, dueAt: tx.now, data: { sheba: sheba.value } });
      return done({ sheba: maskSheba(sheba.value) });
    });
  }

  @Get()
  @Allow('producer', 'approver')
  @Replies(z.object({ sheba: masked, state: z.enum(['checking', 'verified', 'refused']), reason: reply.text.optional() }))
  own(@Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const [row] = await tx.sql<{ sheba: Sheba; state: 'checking' | 'verified' | 'refused'; reason: string | null }>('select sheba, state, reason from accounts where party_id = $1', [caller.party]);
      return row === undefined ? undefined : { sheba: maskSheba(row.sheba), state: row.state, ...(row.reason === null ? {} : { reason: row.reason }) };
    });
  }
}
