import type { Fact } from '@peyvand/contracts';

/** Carries which fact a one-at-a-time handler failed on, so that its key can be set aside without a search. */
export class FactFailed extends Error {
  constructor(readonly fact: Fact, override readonly cause: unknown) {
    super(`${fact.type} ${fact.id} failed`, { cause });
  }
}

/** The handler's own error. */
export const originOf = (error: unknown): unknown => (error instanceof FactFailed ? error.cause : error);
