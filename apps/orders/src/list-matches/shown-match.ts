import { isoOf } from '@peyvand/kernel';
import type { Match } from '../domain/match.js';

/** A match as buyer and seller see it. */
export const shownMatch = ({ version: _version, answerBy, dispatched, financingDeclined, ...match }: Match) => ({
  ...match, dispatched, financingDeclined, ...(answerBy === undefined || match.state === 'released' || match.state === 'done' ? {} : { answerBy: isoOf(answerBy) }),
});
