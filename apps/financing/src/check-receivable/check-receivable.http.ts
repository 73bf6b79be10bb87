import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, read } from '@peyvand/platform';
import { fingerprintOfBody, InvoiceBody } from '../claim-receivable/invoice-body.js';
import { standingOf } from '../store/fingerprints.store.js';

/** Is this invoice financed already? The lien is named by its kind and day; whose it is only its holder is told. */
@Controller('api/financing/receivables')
export class CheckReceivableHttp {
  constructor(private readonly source: Source) {}

  @Post('check')
  @HttpCode(200)
  @Allow('funder')
  check(@Body() body: InvoiceBody, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const standing = await standingOf(tx, fingerprintOfBody(body));
      if (standing === undefined) return { free: true, known: false };
      if (standing.kind === 'traded-here') return { free: true, known: true };
      return { free: false, known: true, lien: { kind: standing.kind, on: standing.on, yours: standing.holderId === caller.party } };
    });
  }
}
