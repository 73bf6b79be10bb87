import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import { newId, refuse, rials } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, page, pageOf, read, refusalTable, Replies, reply, Rials, write } from '@peyvand/platform';
import { z } from 'zod';
import { endPolicy, putInForce, type ApprovalPolicy, type PolicyRefusal } from '../domain/approval-policy.js';
import { insertPolicy, lockPolicy, standingPolicies, updatePolicy } from '../store/standing.store.js';

export class ApprovalPolicyBody {
  @Rials({ min: '1', description: 'Gross amount of one invoice up to which an exact match is approved' }) upTo: string;
}

const Policy = z.object({ policyId: reply.uuid, upTo: reply.rials, status: z.enum(['proposed', 'in-force', 'ended']) }).meta({ id: 'ApprovalPolicy' });

const refusals = refusalTable<PolicyRefusal | 'policy-not-found'>({
  'policy-not-found': [404, 'چنین سیاستی ندارید. شناسه را از فهرست سیاست‌های تأیید خود بردارید.', 'You have no such policy. Take the id from the list of your approval policies.'],
  'policy-not-proposed': [409, 'این سیاست در انتظار تأیید نیست (وضع: {state}). سیاست تازه‌ای پیشنهاد کنید.', 'This policy does not wait for approval (it is {state}). Propose a new one.'],
  'same-person': [403, 'پیشنهاددهندهٔ سیاست نمی‌تواند آن را به اجرا بگذارد. فرد دیگری با نقش تأییدکننده باید تأیید کند.', 'Whoever proposed a policy may not put it in force. Another person with the approver role has to.'],
});

/** The buyer's office says which invoices need no look: proposed by one person, put in force by another. */
@Controller('api/delivery/approval-policy')
@Allow('buyer', 'approver')
export class ApprovalPolicyHttp {
  constructor(private readonly source: Source) {}

  @Put()
  @Allow('buyer')
  @Replies(Policy, { refusals })
  propose(@Body() { upTo }: ApprovalPolicyBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const policy: ApprovalPolicy = { id: newId(), buyerId: caller.party, upTo: rials(upTo), proposedBy: caller.subject, status: 'proposed' };
      await insertPolicy(tx, policy);
      return done(view(policy));
    });
  }

  @Get()
  @Replies(pageOf(Policy))
  list(@Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => page((await standingPolicies(tx, caller.party)).map(view)));
  }

  @Post(':id/approve')
  @Allow('approver')
  @Replies(Policy, { status: 200, refusals })
  approve(@Param('id') id: string, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const policy = await lockPolicy(tx, id);
      if (policy === undefined) return refuse('policy-not-found');
      const decision = putInForce(policy, caller.subject);
      if (!decision.ok) return decision;
      await updatePolicy(tx, decision.state);
      return done(view(decision.state));
    });
  }

  /** Either seat alone may stop it: fewer automatic approvals need no second pair of eyes. */
  @Post(':id/end')
  @Replies(Policy, { status: 200, refusals })
  end(@Param('id') id: string, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const policy = await lockPolicy(tx, id);
      if (policy === undefined) return refuse('policy-not-found');
      await updatePolicy(tx, endPolicy(policy));
      return done(view(endPolicy(policy)));
    });
  }
}

const view = ({ id, upTo, status }: ApprovalPolicy) => ({ policyId: id, upTo, status });
