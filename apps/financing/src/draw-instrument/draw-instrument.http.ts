import { Body, Controller, Post } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, OneOf, refusalsOf, Replies, reply, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { refusals } from '../financing.refusals.js';
import { drawInstrument } from './draw-instrument.js';

export class DrawBody {
  @Uuid({ optional: true }) caseId?: string;
  @Uuid({ optional: true, description: 'Names the case by its invoice' }) invoiceId?: string;
  @OneOf(['barat', 'safte'], { optional: true, description: 'As the payment terms say when left out' }) kind?: 'barat' | 'safte';
}

const drawing = refusalsOf(refusals, 'not-open', 'case-not-found', 'not-the-seller', 'terms-without-paper', 'already-drawn',
  'not-a-commercial-bill', 'not-named', 'drawee-not-named', 'roles-differ', 'invoice-not-approved', 'face-differs-from-approved', 'maturity-before-date', 'tenor-not-allowed', 'not-drawn', 'antedated');

@Controller('api/financing/instruments')
export class DrawInstrumentHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('producer')
  @Replies(z.object({ instrumentId: reply.uuid, caseId: reply.uuid, face: reply.rials, stampDuty: reply.rials, maturity: reply.day }), { refusals: drawing })
  draw(@Body() body: DrawBody, @Caller() caller: Caller) {
    return write(this.source, caller, drawing, async (tx) => {
      const drawn = await drawInstrument(tx, caller.party, body);
      return drawn.ok ? done({ instrumentId: drawn.instrument.id, caseId: drawn.instrument.of.caseId, face: drawn.instrument.face, stampDuty: drawn.instrument.stampDuty, maturity: drawn.instrument.maturity }) : drawn;
    });
  }
}
