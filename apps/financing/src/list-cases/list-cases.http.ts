import { Controller, Get, Param, Query } from '@nestjs/common';
import type { PartyId } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, cursorOf, OneOf, page, read, Text, valuesOf, Whole } from '@peyvand/platform';
import { z } from 'zod';
import { clocksOf } from '../domain/clocks.js';
import { owed, statuses } from '../domain/financing-case.js';
import { legalHolidays } from '../financing.policy.js';
import { findCase, pageOfCases, type CaseFile } from '../store/cases.store.js';

export class CasesQuery {
  @OneOf(statuses, { optional: true }) stage?: string;
  @Text({ optional: true, max: 200 }) cursor?: string;
  @Whole({ optional: true, min: 1, max: 200 }) limit?: number;
}

@Controller('api/financing/cases')
export class ListCasesHttp {
  constructor(private readonly source: Source) {}

  @Get()
  @Allow('buyer', 'approver', 'signatory', 'producer', 'funder', 'operator')
  list(@Query() { stage, cursor, limit = 50 }: CasesQuery, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const after = cursor === undefined ? undefined : valuesOf(cursor, z.tuple([z.uuid()]))[0];
      const files = await pageOfCases(tx, { limit, ...(stage === undefined ? {} : { status: stage }), ...(after === undefined ? {} : { after }) });
      const last = files.at(-1);
      return page(files.map((file) => viewOf(file, caller.party)), files.length === limit && last !== undefined ? cursorOf([last.case.of.caseId]) : undefined);
    });
  }

  @Get(':id')
  @Allow('buyer', 'approver', 'signatory', 'producer', 'funder', 'operator')
  one(@Param('id') caseId: string, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const file = await findCase(tx, caseId);
      return file === undefined ? undefined : viewOf(file, caller.party);
    });
  }
}

/** A case as one of its parties sees it: what the seller was paid is between it and its funder. */
const viewOf = ({ case: state, receivable, paper }: CaseFile, party: PartyId) => {
  const { of, stage, bought } = state;
  const inTheDeal = party === of.sellerId || party === bought?.bid.funderId;
  return {
    ...of, invoiceId: state.invoiceId, shipmentId: state.shipmentId, stage: stage.status, face: state.face, owed: owed(state), dueOn: state.dueOn, terms: receivable.terms,
    debtorId: state.debtorId, holderId: state.holderId,
    ...('bidUntil' in stage ? { bidUntil: new Date(stage.bidUntil).toISOString() } : {}),
    ...(stage.status === 'failed' && stage.protestBy !== undefined ? { protestBy: stage.protestBy } : {}),
    ...(stage.status === 'settled' ? { outcome: stage.outcome } : {}),
    ...(receivable.lien === undefined ? {} : { lien: { kind: receivable.lien.kind, on: receivable.lien.on } }),
    ...(paper === undefined ? {} : { instrument: { instrumentId: paper.id, kind: paper.kind, status: paper.stage.status, face: paper.face, drawnOn: paper.drawnOn, maturity: paper.maturity, clocks: clocksOf(paper, legalHolidays).map((clock) => ({ ...clock, dueAt: new Date(clock.dueAt).toISOString() })) } }),
    ...(inTheDeal && bought !== undefined ? { bought: { on: bought.on, rate: bought.purchase.rate, price: bought.purchase.price, profit: bought.purchase.profit, fee: bought.purchase.fee, net: bought.purchase.net } } : {}),
  };
};
