import { Body, Controller, Post } from '@nestjs/common';
import { day, dayOf, refuse, rials } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, CivilDay, done, Rials, Text, Uuid, write } from '@peyvand/platform';
import { fingerprintOf } from '../domain/receivable.js';
import { refusals } from '../financing.refusals.js';

export class ClaimBody {
  @Uuid() sellerId: string;
  @Uuid() buyerId: string;
  @Text({ max: 60, description: 'As it stands on the invoice; ي and ی, dashes and spaces make no difference' }) invoiceNumber: string;
  @Rials({ min: '1', description: 'Gross amount' }) amount: string;
  @CivilDay() issuedOn: string;
}

/** A funder that is about to finance an invoice outside the platform asks whether it is free, and takes it off the platform in the same step. */
@Controller('api/financing/receivables')
export class ClaimReceivableHttp {
  constructor(private readonly source: Source) {}

  @Post('claims')
  @Allow('funder')
  claim(@Body() body: ClaimBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const fingerprint = fingerprintOf({ seller: body.sellerId, buyer: body.buyerId, number: body.invoiceNumber, amount: rials(body.amount), issuedOn: day(body.issuedOn) });
      // The unique row is the last word: of two claims at once, the second waits and then finds the first.
      const inserted = await tx.run('insert into outside_claims (fingerprint, claimant_id, placed_on, parties) values ($1, $2, $3, array[$2::uuid]) on conflict do nothing', [fingerprint, caller.party, dayOf(tx.now)]);
      const claims = await tx.sql<{ kind: string; placed_on: string | null; holder_id: string | null }>('select kind, placed_on::text, holder_id from claim_on($1)', [fingerprint]);
      const other = claims.find((claim) => claim.kind !== 'outside' || (inserted === 0 && claim.holder_id !== caller.party));
      if (other?.kind === 'traded-here') return refuse('traded-here');
      // Whose lien it is stays with its parties; that there is one, of what kind and since when, protects the next funder.
      if (other !== undefined) return refuse('already-under-lien', { lien: { kind: other.kind, on: other.placed_on, yours: other.holder_id === caller.party } });
      return done({ fingerprint, claimedOn: dayOf(tx.now) });
    });
  }
}
