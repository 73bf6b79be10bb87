import { Body, Controller, Post } from '@nestjs/common';
import { day, refuse } from '@peyvand/kernel';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, CivilDay, Code, done, Flag, refusalTable, Replies, reply, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { goOn } from '../send-to-tax/errand.js';
import { saveTaxRegistration } from '../store/reference.store.js';
import { claimMemory, drawSerials, heldBack } from '../store/tax.store.js';

export class TaxStandingBody {
  @Uuid() sellerId: string;
  @CivilDay({ description: 'From this day on' }) from: string;
  @Flag({ description: 'Whether the seller is registered for value added tax and may charge it' }) registered: boolean;
  @Code({ optional: true, pattern: /^[A-Z0-9]{6}$/, description: 'The seller’s fiscal memory id, which its tax ids begin with', example: 'A11216' }) memoryId?: string;
}

const refusals = refusalTable({
  'memory-id-of-another': [409, 'این شناسهٔ یکتای حافظهٔ مالیاتی از آنِ فروشندهٔ دیگری است. شناسه را بازبینی کنید.', 'This fiscal memory id is another seller’s. Check the id.'],
});

/** Dated, so that invoices of earlier days keep the tax of their day. What waited for the memory id is sent once it is given. */
const Registered = z.object({ sellerId: reply.uuid, from: reply.day, registered: reply.flag, memoryId: reply.text.optional() });

@Controller('api/delivery/tax-standings')
export class RegisterTaxStandingHttp {
  constructor(private readonly source: Source) {}

  @Post() @Allow('operator') @Replies(Registered, { refusals }) register(@Body() body: TaxStandingBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, (tx) => register(tx, body));
  }
}

const register = async (tx: Tx, { sellerId, from, registered, memoryId }: TaxStandingBody) => {
  if (memoryId !== undefined && !(await claimMemory(tx, memoryId, sellerId))) return refuse('memory-id-of-another');
  // Draws nothing and holds the seller: a document being prepared right now is either seen below or sees what is saved here.
  await drawSerials(tx, new Map([[sellerId, 0]]));
  await saveTaxRegistration(tx, sellerId, { from: day(from), registered, ...(memoryId === undefined ? {} : { memoryId }) });
  await tx.schedule(goOn(await heldBack(tx, { sellerId }), tx.now));
  return done({ sellerId, from, registered, ...(memoryId === undefined ? {} : { memoryId }) });
};
