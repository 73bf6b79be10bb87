import { Body, Controller, Post } from '@nestjs/common';
import { dayOf, refuse } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, refusalsOf, Replies, reply, write } from '@peyvand/platform';
import { z } from 'zod';
import { refusals } from '../financing.refusals.js';
import { registerFingerprints, standingOf } from '../store/fingerprints.store.js';
import { fingerprintOfBody, InvoiceBody } from './invoice-body.js';

const claiming = refusalsOf(refusals, 'traded-here', 'already-under-lien');

/** A funder that is about to finance an invoice outside the platform takes it off the platform, if it is free. */
@Controller('api/financing/receivables')
export class ClaimReceivableHttp {
  constructor(private readonly source: Source) {}

  @Post('claims')
  @Allow('funder')
  @Replies(z.object({ fingerprint: reply.text, claimedOn: reply.day.nullable() }), { refusals: claiming })
  claim(@Body() body: InvoiceBody, @Caller() caller: Caller) {
    return write(this.source, caller, claiming, async (tx) => {
      const fingerprint = fingerprintOfBody(body);
      const on = dayOf(tx.now);
      if ((await registerFingerprints(tx, [fingerprint], on, caller.party)).size === 1) return done({ fingerprint, claimedOn: on });
      const standing = await standingOf(tx, fingerprint);
      if (standing?.kind === 'outside' && standing.holderId === caller.party) return done({ fingerprint, claimedOn: standing.on });
      if (standing?.kind === 'traded-here') return refuse('traded-here');
      // Whose lien it is stays with its parties; that there is one, of what kind and since when, protects the next funder.
      return refuse('already-under-lien', { lien: { kind: standing?.kind, on: standing?.on, yours: standing?.holderId === caller.party } });
    });
  }
}
