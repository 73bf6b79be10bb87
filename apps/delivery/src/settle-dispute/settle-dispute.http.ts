import { Body, Controller, Param, Post } from '@nestjs/common';
import { refuse } from '@peyvand/kernel';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, done, OneOf, refusalTable, Replies, reply, write } from '@peyvand/platform';
import { z } from 'zod';
import { DeliveryConfig } from '../delivery.config.js';
import { settleDispute, type DisputeOutcome } from '../domain/dispute.js';
import { waitForNextStep } from '../on-overdue/wait.js';
import { lockDispute, updateDispute } from '../store/dispute.store.js';

export class SettleBody {
  @OneOf(['upheld', 'dismissed', 'withdrawn']) outcome: DisputeOutcome;
}

const Settled = z.object({ disputeId: reply.uuid, status: z.enum(['open', 'settled']), outcome: z.enum(['upheld', 'dismissed', 'withdrawn']) });

const refusals = refusalTable({
  'dispute-not-found': [404, 'چنین اختلافی نیست یا به شما مربوط نمی‌شود. شناسه را بازبینی کنید.', 'There is no such dispute, or it does not concern you. Check its id.'],
  'dispute-settled': [409, 'این اختلاف پایان یافته است ({outcome}). اگر باز هم ایرادی هست اختلاف تازه ثبت کنید.', 'This dispute has ended ({outcome}). Raise a new one if something is still wrong.'],
  'not-yours-to-settle': [403, 'شما چنین پایانی را تعیین نمی‌کنید؛ از سوی شما این‌ها پذیرفته است: {may}.', 'This outcome is not yours to decide; from you these are accepted: {may}.'],
});

@Controller('api/delivery/disputes')
export class SettleDisputeHttp {
  constructor(private readonly source: Source, private readonly config: DeliveryConfig) {}

  @Post(':id/settle') @Allow('buyer', 'approver', 'storekeeper', 'producer', 'operator') @Replies(Settled, { status: 200, refusals }) settle(@Param('id') id: string, @Body() { outcome }: SettleBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, (tx) => settle(tx, caller, id, outcome, this.config.graceDays));
  }
}

const settle = async (tx: Tx, caller: Caller, id: string, outcome: DisputeOutcome, graceDays: number) => {
  const stored = await lockDispute(tx, id);
  if (stored === undefined) return refuse('dispute-not-found');
  const decision = settleDispute(stored.dispute, { party: caller.party, operator: caller.roles.includes('operator') }, outcome);
  if (!decision.ok) return decision;
  await updateDispute(tx, { dispute: decision.state, version: stored.version });
  await waitForNextStep(tx, [stored.dispute.shipmentId], graceDays);
  await tx.publish(decision.events);
  return done({ disputeId: id, status: decision.state.status, outcome });
};
