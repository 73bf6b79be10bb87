import { Body, Controller, Post } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, read, Replies, reply } from '@peyvand/platform';
import { z } from 'zod';
import { fingerprintOfBody, InvoiceBody } from '../claim-receivable/invoice-body.js';
import { standingOf } from '../store/fingerprints.store.js';

const Lien = z.object({ kind: z.enum(['debt-purchase', 'endorsement', 'pledge', 'outside']), on: reply.day.nullable(), yours: reply.flag });
const Standing = z.object({ free: reply.flag, known: reply.flag.describe('Whether this platform has heard of the invoice'), lien: Lien.optional() }).meta({ id: 'InvoiceStanding' });

/** Is this invoice financed already? The lien is named by its kind and day; whose it is only its holder is told. */
@Controller('api/financing/receivables')
export class CheckReceivableHttp {
  constructor(private readonly source: Source) {}

  @Post('check')
  @Allow('funder')
  @Replies(Standing, { status: 200 })
  check(@Body() body: InvoiceBody, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const standing = await standingOf(tx, fingerprintOfBody(body));
      if (standing === undefined) return { free: true, known: false };
      if (standing.kind === 'traded-here') return { free: true, known: true };
      return { free: false, known: true, lien: { kind: standing.kind, on: standing.on, yours: standing.holderId === caller.party } };
    });
  }
}
