import { Controller, Get, Param } from '@nestjs/common';
import { contractOf, visibleTo } from '@peyvand/contracts';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, read, Replies, reply } from '@peyvand/platform';
import { z } from 'zod';
import { inCausalOrder, type Told } from './in-causal-order.js';

type Row = { fact_id: string; type: string; time: Date; causationid: string | null; data: Record<string, unknown> };

const Story = z.object({
  orderId: reply.uuid,
  facts: z.array(z.object({
    id: reply.uuid, type: reply.text.meta({ examples: ['ir.peyvand.orders.OrderSubmitted.v1'] }), name: reply.text.describe('Schema of `data`: /api/schemas/{name}'), summary: reply.text, time: reply.moment,
    causationid: reply.text.optional().describe('The fact, command or deadline that caused it'), data: reply.anything,
  })).describe('Causes before effects'),
}).meta({ id: 'Story' });

@Controller('api/orders')
export class TellStoryHttp {
  constructor(private readonly source: Source) {}

  /** Every fact of the order that the caller may see, and of each only the fields it may see. Causes come before effects. */
  @Get(':id/story')
  @Allow('buyer', 'approver', 'storekeeper', 'signatory', 'producer', 'funder', 'carrier', 'operator')
  @Replies(Story)
  tell(@Param('id') id: string, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const rows = await tx.sql<Row>('select fact_id, type, time, causationid, data from story where order_id = $1 order by time, fact_id', [id]);
      const all = caller.roles.includes('operator');
      const told = rows.flatMap((row): Told[] => {
        const contract = contractOf(row.type);
        const data = contract === undefined ? undefined : all ? row.data : visibleTo(contract, row.data, caller.party);
        if (contract === undefined || data === undefined) return [];
        return [{ id: row.fact_id, type: row.type, name: contract.name, summary: contract.summary, time: row.time.toISOString(), ...(row.causationid === null ? {} : { causationid: row.causationid }), data }];
      });
      return told.length === 0 ? undefined : { orderId: id, facts: inCausalOrder(told) };
    });
  }
}
