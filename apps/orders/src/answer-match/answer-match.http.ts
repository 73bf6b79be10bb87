import { Body, Controller, Param, Post } from '@nestjs/common';
import type { Day } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, CivilDay, done, ListOf, OneOf, Replies, reply, Text, Uuid, Whole, write } from '@peyvand/platform';
import { z } from 'zod';
import { matchStates } from '../list-matches/shown-match.js';
import { matchRefusals } from '../order-refusals.js';
import { answerMatches } from './answer-matches.js';

export class ChangedLineBody {
  @Uuid() lineId: string;
  @Whole({ max: 1_000_000_000 }) quantity: number;
}

export class AnswerMatchBody {
  @OneOf(['accept', 'decline', 'change']) answer: 'accept' | 'decline' | 'change';
  @Text({ max: 200, optional: true }) reason?: string;
  @CivilDay({ optional: true, description: 'With change: the day you can deliver' }) promisedBy?: Day;
  @ListOf(() => ChangedLineBody, { max: 500, optional: true, description: 'With change: what you can deliver; lines left out stay as ordered' }) lines?: ChangedLineBody[];
}

export class MatchAnswerBody extends AnswerMatchBody {
  @Uuid() matchId: string;
}

export class AnswerMatchesBody {
  @ListOf(() => MatchAnswerBody, { min: 1, max: 1_000 }) answers: MatchAnswerBody[];
}

export const Answered = z.object({ matchId: reply.uuid, state: z.enum(matchStates) });

@Controller('api/orders/matches')
@Allow('producer')
export class AnswerMatchHttp {
  constructor(private readonly source: Source) {}

  @Post(':matchId/answer')
  @Replies(Answered, { status: 200, refusals: matchRefusals })
  answer(@Param('matchId') matchId: string, @Body() body: AnswerMatchBody, @Caller() caller: Caller) {
    return write(this.source, caller, matchRefusals, async (tx) => {
      const answered = await answerMatches(tx, caller.party, [{ ...body, matchId }]);
      return answered.ok ? done({ matchId, state: answered.matches[0]?.state }) : answered;
    });
  }

  /** Many purchase orders at once, all or none. */
  @Post('answers')
  @Replies(z.object({ items: z.array(Answered) }), { status: 200, refusals: matchRefusals })
  answerMany(@Body() body: AnswerMatchesBody, @Caller() caller: Caller) {
    return write(this.source, caller, matchRefusals, async (tx) => {
      const answered = await answerMatches(tx, caller.party, body.answers);
      return answered.ok ? done({ items: answered.matches.map(({ matchId, state }) => ({ matchId, state })) }) : answered;
    });
  }
}
