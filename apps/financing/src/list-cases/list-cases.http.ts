import { Controller, Get, Param, Query } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, cursorOf, OneOf, page, pageOf, PageQuery, read, Replies, valuesOf } from '@peyvand/platform';
import { z } from 'zod';
import { statuses as paperStatuses } from '../domain/barat.js';
import { statuses } from '../domain/financing-case.js';
import { findCase, pageOfCases } from '../store/cases.store.js';
import { SeenCase, viewOf } from './case-view.js';

export class CasesQuery extends PageQuery {
  @OneOf(statuses, { optional: true }) stage?: string;
  @OneOf(paperStatuses, { optional: true, description: 'Where the paper is in its life' }) paper?: string;
}

@Controller('api/financing/cases')
export class ListCasesHttp {
  constructor(private readonly source: Source) {}

  @Get()
  @Allow('buyer', 'approver', 'signatory', 'producer', 'funder', 'operator')
  @Replies(pageOf(SeenCase))
  list(@Query() { stage, paper, cursor, limit = 50 }: CasesQuery, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const after = cursor === undefined ? undefined : valuesOf(cursor, z.tuple([z.uuid()]))[0];
      const files = await pageOfCases(tx, { stage, paper, after, limit: limit + 1 });
      const shown = files.slice(0, limit);
      const last = shown.at(-1);
      return page(shown.map((file) => viewOf(file, caller.party, caller.roles.includes('operator'))), files.length > limit && last !== undefined ? cursorOf([last.case.of.caseId]) : undefined);
    });
  }

  @Get(':id')
  @Allow('buyer', 'approver', 'signatory', 'producer', 'funder', 'operator')
  @Replies(SeenCase)
  one(@Param('id') caseId: string, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const file = await findCase(tx, caseId);
      return file === undefined ? undefined : viewOf(file, caller.party, caller.roles.includes('operator'));
    });
  }
}
