import { Controller, Param, Post } from '@nestjs/common';
import { dayOf, refuse } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, refusalsOf, Replies, reply, write } from '@peyvand/platform';
import { z } from 'zod';
import { protest } from '../domain/barat.js';
import { recordProtest } from '../domain/financing-case.js';
import { legalHolidays } from '../financing.policy.js';
import { refusals } from '../financing.refusals.js';
import { lockCaseOfInstrument, saveCase } from '../store/cases.store.js';

const protesting = refusalsOf(refusals, 'paper-not-found', 'not-the-holder', 'antedated', 'not-unpaid', 'protest-too-late', 'not-failed');

@Controller('api/financing/instruments')
export class ProtestInstrumentHttp {
  constructor(private readonly source: Source) {}

  /** Protest for non-payment (واخواست), within ten days of the pay day; it keeps recourse to those who signed (280, 249). */
  @Post(':id/protest')
  @Allow('funder', 'producer')
  @Replies(z.object({ instrumentId: reply.uuid, status: z.literal('protested'), on: reply.day }), { status: 200, refusals: protesting })
  protest(@Param('id') instrumentId: string, @Caller() caller: Caller) {
    return write(this.source, caller, protesting, async (tx) => {
      const file = await lockCaseOfInstrument(tx, instrumentId);
      if (file?.paper === undefined) return refuse('paper-not-found');
      if (file.paper.holderId !== caller.party) return refuse('not-the-holder');
      const lodged = protest(file.paper, dayOf(tx.now), legalHolidays);
      if (!lodged.ok) return lodged;
      const recorded = recordProtest(file.case);
      if (!recorded.ok) return recorded;
      await saveCase(tx, { ...file, case: recorded.state, paper: lodged.state });
      await tx.unschedule('financing/protest-by', file.case.of.caseId);
      await tx.publish([...lodged.events, ...recorded.events]);
      return done({ instrumentId, status: 'protested', on: dayOf(tx.now) });
    });
  }
}
