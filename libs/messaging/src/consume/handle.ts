import type { Fact } from '@peyvand/contracts';
import type { Instant } from '@peyvand/kernel';
import { withCause } from '../cause.js';
import type { OpenTx } from '../store/open-tx.js';
import { causeOf } from '../store/publish.js';
import { layersOf, type FactHandler, type Handlers } from './handler.js';

/** Carries which fact a one-at-a-time handler failed on, so that its key can be set aside without a search. */
export class FactFailed extends Error {
  constructor(readonly fact: Fact, override readonly cause: unknown) {
    super(`${fact.type} ${fact.id} failed`, { cause });
  }
}

/** Hands facts to their handlers inside an open transaction. Throws what the handler threw, in `FactFailed` where the fact is known. */
export const handle = async (facts: readonly Fact[], handlers: Handlers, open: OpenTx, now: Instant): Promise<void> => {
  for (const layer of layersOf(facts, handlers)) {
    for (const handler of layer.handlers) await (handler.batch ? together(handler, layer.facts, open, now) : oneByOne(handler, layer.facts, open, now));
  }
};

const together = async (handler: FactHandler, facts: readonly Fact[], open: OpenTx, now: Instant): Promise<void> => {
  await handler.call(facts, open.view(now, undefined));
};

const oneByOne = async (handler: FactHandler, facts: readonly Fact[], open: OpenTx, now: Instant): Promise<void> => {
  for (const fact of facts) {
    const cause = causeOf(fact);
    try {
      await withCause(cause, () => handler.call(fact, open.view(now, cause)));
    } catch (error) {
      throw new FactFailed(fact, error);
    }
  }
};

/** The handler's own error. */
export const originOf = (error: unknown): unknown => (error instanceof FactFailed ? error.cause : error);
