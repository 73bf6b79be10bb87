import type { Fact } from '@peyvand/contracts';
import type { Tx } from '../tx.js';

/** A declared consumer method, bound to its instance. `one` handlers are wrapped to take a batch. */
export type FactHandler = {
  /** Class and method, for logs. */
  readonly name: string;
  readonly types: readonly string[];
  readonly batch: boolean;
  /** Of `one` handlers: facts of different keys may be under way at once. */
  readonly apart?: boolean;
  readonly call: (facts: Fact | readonly Fact[], tx: Tx) => Promise<unknown>;
};

/** Everything one consumer group of a service does, by fact type. */
export type Handlers = ReadonlyMap<string, readonly FactHandler[]>;

export const byType = (handlers: readonly FactHandler[]): Handlers => {
  const map = new Map<string, FactHandler[]>();
  for (const handler of handlers) for (const type of handler.types) map.set(type, [...(map.get(type) ?? []), handler]);
  return map;
};

/** A step of a batch: these facts go to these handlers, one after the other. */
export type Layer = { readonly handlers: readonly FactHandler[]; readonly facts: Fact[] };

/**
 * Cuts a batch into as few steps as keep the order of each key across types: a fact joins the step of its key's previous fact when the
 * same handlers take both, and a later step otherwise.
 */
export const layersOf = (facts: readonly Fact[], handlers: Handlers): Layer[] => {
  const levels: Map<string, Layer>[] = [];
  const last = new Map<string, { level: number; signature: string }>();
  for (const fact of facts) {
    const takers = handlers.get(fact.type) ?? [];
    const signature = takers.map((taker) => taker.name).join('|');
    const before = last.get(fact.key);
    const level = before === undefined ? 0 : before.signature === signature ? before.level : before.level + 1;
    const steps = (levels[level] ??= new Map<string, Layer>());
    const step = steps.get(signature);
    if (step === undefined) steps.set(signature, { handlers: takers, facts: [fact] });
    else step.facts.push(fact);
    last.set(fact.key, { level, signature });
  }
  return levels.flatMap((steps) => [...steps.values()]);
};
