import { matchLine } from '@peyvand/contracts';
import { isoOf } from '@peyvand/kernel';
import { reply } from '@peyvand/platform';
import { z } from 'zod';
import type { Match as Stored } from '../domain/match.js';

export const matchStates = ['proposed', 'issued', 'change-proposed', 'accepted', 'secured', 'done', 'released'] as const;

export const Match = z.object({
  matchId: reply.uuid, orderId: reply.uuid, buyerId: reply.uuid, sellerId: reply.uuid, poNumber: reply.text, market: reply.text, lines: z.array(matchLine), terms: reply.terms,
  amount: reply.rials.describe('Goods value before tax'), shipTo: reply.place, neededBy: reply.day, promisedBy: reply.day, parentMatchId: reply.uuid.optional(), state: z.enum(matchStates),
  answerBy: reply.moment.optional().describe('Until when the next step is waited for'),
  change: z.object({ promisedBy: reply.day, lines: z.array(z.object({ lineId: reply.uuid, quantity: reply.whole })), reason: reply.text }).optional().describe('What the producer would rather deliver'),
  financingDeclined: reply.flag, securedBy: z.enum(['funder-limit', 'seller-limit', 'cash', 'open-terms']).optional(), dispatched: reply.flag, reason: reply.text.optional(),
}).meta({ id: 'Match' });

/** A match as buyer and seller see it. */
export const shownMatch = ({ version: _version, untold: _untold, costs: _costs, answerBy, dispatched, financingDeclined, ...match }: Stored) => ({
  ...match, dispatched, financingDeclined, ...(answerBy === undefined || match.state === 'released' || match.state === 'done' ? {} : { answerBy: isoOf(answerBy) }),
});
