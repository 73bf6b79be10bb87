import type { PartyId } from '@peyvand/kernel';
import type { Instrument } from './barat.js';
import type { FinancingCase } from './financing-case.js';

/** Has the holder turned to this party for a claim that is still open? Once it is paid or written off nobody pays by way of recourse, whatever the paper says. */
export const isAskedInRecourse = (state: FinancingCase, paper: Instrument, by: PartyId): boolean =>
  state.stage.status === 'recourse' && paper.stage.status === 'recourse' && paper.stage.against.includes(by);
