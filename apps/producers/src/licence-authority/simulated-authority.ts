import { setTimeout as sleep } from 'node:timers/promises';
import type { Source } from '@peyvand/messaging';
import type { IssuerAnswer } from '../domain/licence.js';
import { readBehaviour } from '../store/licence-simulator.store.js';
import { LicenceAuthority, type LicenceQuestion } from './licence-authority.js';

/** How the simulated issuers behave: for everybody, or for one licence number. `silent` never answers, `twice` says it two times. */
export const manners = ['confirm', 'refuse', 'silent', 'twice'] as const;
export type Manner = (typeof manners)[number];
export type Behaviour = { readonly answers: Manner; readonly numbers: Readonly<Record<string, Manner>>; readonly delayMs: number };

export const politeIssuer: Behaviour = { answers: 'confirm', numbers: {}, delayMs: 0 };

/** Confirms what it is told, unless it was told to misbehave. Kept in the database, so all processes meet the same issuer. */
export class SimulatedAuthority extends LicenceAuthority {
  constructor(private readonly source: Source) {
    super();
  }

  override async ask({ number, validUntil }: LicenceQuestion): Promise<readonly IssuerAnswer[]> {
    const { answers, numbers, delayMs } = (await readBehaviour(this.source)) ?? politeIssuer;
    if (delayMs > 0) await sleep(delayMs);
    const confirmed = { answer: 'confirmed', validUntil } as const;
    switch (numbers[number] ?? answers) {
      case 'confirm': return [confirmed];
      case 'twice': return [confirmed, confirmed];
      case 'refuse': return [{ answer: 'refused', reason: 'unknown-number' }];
      case 'silent': throw new Error(`The issuer has not answered about licence ${number}`);
    }
  }
}
