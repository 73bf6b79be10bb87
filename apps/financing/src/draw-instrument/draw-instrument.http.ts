import { Body, Controller, Post } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, OneOf, Uuid, write } from '@peyvand/platform';
import { refusals } from '../financing.refusals.js';
import { drawInstrument } from './draw-instrument.js';

export class DrawBody {
  @Uuid({ optional: true }) caseId?: string;
  @Uuid({ optional: true, description: 'Names the case by its invoice' }) invoiceId?: string;
  @OneOf(['barat', 'safte'], { optional: true, description: 'As the payment terms say when left out' }) kind?: 'barat' | 'safte';
}

@Controller('api/financing/instruments')
export class DrawInstrumentHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('producer')
  draw(@Body() body: DrawBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const drawn = await drawInstrument(tx, caller.party, body);
      return drawn.ok ? done({ instrumentId: drawn.instrument.id, caseId: drawn.instrument.of.caseId, face: drawn.instrument.face, stampDuty: drawn.instrument.stampDuty, maturity: drawn.instrument.maturity }) : drawn;
    });
  }
}
