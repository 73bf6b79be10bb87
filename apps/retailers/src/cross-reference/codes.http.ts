import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { normalise } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, cursorOf, done, ListOf, page, pageOf, PageQuery, read, refusalTable, Replies, reply, Text, Uuid, valuesOf, write } from '@peyvand/platform';
import { z } from 'zod';
import { explained } from '../fault-words.js';
import { faulty, networkNotFound } from '../refusals.js';
import { listCodes } from '../store/code.store.js';
import { crossReference } from './cross-reference.js';

export class CodeBody {
  @Text({ max: 60 }) code: string;
  @Uuid({ optional: true }) variantId?: string;
  @Text({ max: 20, optional: true, description: 'Instead of variantId: the GTIN of a listed variant' }) gtin?: string;
}

export class CodesBody {
  @ListOf(() => CodeBody, { min: 1, max: 5_000 }) codes: CodeBody[];
}

const CrossReference = z.object({
  code: reply.text, variantId: reply.uuid, substitutes: z.array(reply.uuid).optional().describe('Variants that do as well, the preferred first'),
}).meta({ id: 'CrossReference' });

const refusals = refusalTable({ 'network-not-found': networkNotFound, 'codes-faulty': faulty });

@Controller('api/retailers/codes')
export class CodesHttp {
  constructor(private readonly source: Source) {}

  /** Entries of one code are alternatives, the preferred first; they replace what the code named before. */
  @Post()
  @Allow('buyer')
  @Replies(z.object({ codes: reply.whole, changed: reply.whole.describe('Those that are new or name something else now') }), { refusals })
  crossReference(@Body() { codes }: CodesBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const outcome = await crossReference(tx, caller.party, codes.map(({ code, variantId, gtin }) => ({ code: normalise(code), ...(variantId !== undefined && { variantId }), ...(gtin !== undefined && { gtin }) })));
      return outcome.ok ? done({ codes: outcome.codes, changed: outcome.changed }) : explained(outcome, caller.locale);
    });
  }

  @Get()
  @Allow('buyer', 'approver', 'storekeeper')
  @Replies(pageOf(CrossReference))
  async list(@Query() query: PageQuery, @Caller() caller: Caller) {
    const limit = query.limit ?? 50;
    const after = query.cursor === undefined ? undefined : valuesOf(query.cursor, z.tuple([z.string()]))[0];
    const found = await read(this.source, caller, (tx) => listCodes(tx, caller.party, after, limit + 1));
    const last = found[limit - 1];
    return page(found.slice(0, limit).map(({ code, variantId, substitutes }) => ({ code, variantId, ...(substitutes.length === 0 ? {} : { substitutes }) })), found.length > limit && last !== undefined ? cursorOf([last.folded]) : undefined);
  }
}
