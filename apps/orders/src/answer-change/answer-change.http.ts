import { Body, Controller, Param, Post } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, OneOf, Replies, write } from '@peyvand/platform';
import { Answered } from '../answer-match/answer-match.http.js';
import { matchRefusals } from '../order-refusals.js';
import { answerMatchChange } from './answer-change.js';

export class AnswerChangeBody {
  @OneOf(['accept', 'refuse']) answer: 'accept' | 'refuse';
}

@Controller('api/orders/matches')
export class AnswerChangeHttp {
  constructor(private readonly source: Source) {}

  @Post(':matchId/change-answer')
  @Allow('buyer', 'approver')
  @Replies(Answered, { status: 200, refusals: matchRefusals })
  answer(@Param('matchId') matchId: string, @Body() body: AnswerChangeBody, @Caller() caller: Caller) {
    return write(this.source, caller, matchRefusals, async (tx) => {
      const answered = await answerMatchChange(tx, caller.party, matchId, body.answer);
      return answered.ok ? done({ matchId, state: answered.match.state }) : answered;
    });
  }
}
