import { Body, Controller, Param, Post } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, OneOf, Replies, write } from '@peyvand/platform';
import { z } from 'zod';
import { Answered } from '../answer-match/answer-match.http.js';
import { matchRefusals } from '../order-refusals.js';
import { secureMatch } from './secure-match.js';

export class SecureMatchBody {
  @OneOf(['open-terms', 'cash']) by: 'open-terms' | 'cash';
}

@Controller('api/orders/matches')
export class SecureMatchHttp {
  constructor(private readonly source: Source) {}

  @Post(':matchId/security')
  @Allow('producer')
  @Replies(Answered.extend({ by: z.enum(['open-terms', 'cash']) }), { status: 200, refusals: matchRefusals })
  secure(@Param('matchId') matchId: string, @Body() { by }: SecureMatchBody, @Caller() caller: Caller) {
    return write(this.source, caller, matchRefusals, async (tx) => {
      const secured = await secureMatch(tx, caller.party, matchId, by);
      return secured.ok ? done({ matchId, state: secured.match.state, by }) : secured;
    });
  }
}
