import type { Fact } from '@peyvand/contracts';
import type { Instant } from '@peyvand/kernel';
import { withCause } from '../cause.js';
import type { OpenTx } from '../store/open-tx.js';
import { causeOf } from '../store/publish.js';
import { keysAbreast } from './apart.js';
import { FactFailed } from './fact-failed.js';
import { layersOf, type FactHandler, type Handlers } from './handler.js';

/** Hands facts to their handlers inside an open transaction. Throws what the handler threw, in `FactFailed` where the fact is known. */
export const handle = async (facts: readonly Fact[], handlers: Handlers, open: OpenTx, now: Instant): Promise<void> => {
  for (const layer of layersOf(facts, handlers)) {
    for (const handler of layer.handlers) await wayOf(handler, open)(handler, layer.facts, open, now);
  }
};

// Without pipelining each statement would wait for the one before it, and being abreast would only cost.
const wayOf = (handler: FactHandler, open: OpenTx) => (handler.batch ? together : handler.apart === true && open.pipelines ? abreast : oneByOne);

const together = async (handler: FactHandler, facts: readonly Fact[], open: OpenTx, now: Instant): Promise<void> => {
  await handler.call(facts, open.view(now, undefined));
};

const oneByOne = async (handler: FactHandler, facts: readonly Fact[], open: OpenTx, now: Instant): Promise<void> => {
  for (const fact of facts) await one(handler, fact, open, now);
};

const abreast = (handler: FactHandler, facts: readonly Fact[], open: OpenTx, now: Instant): Promise<void> =>
  open.gathering(() => keysAbreast(facts, (fact) => one(handler, fact, open, now)));

const one = async (handler: FactHandler, fact: Fact, open: OpenTx, now: Instant): Promise<void> => {
  const cause = causeOf(fact);
  try {
    await withCause(cause, () => handler.call(fact, open.view(now, cause)));
  } catch (error) {
    throw new FactFailed(fact, error);
  }
};
