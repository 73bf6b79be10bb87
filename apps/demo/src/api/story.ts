import type { Cast } from '../actors/cast.js';

export type StoryFact = { readonly id: string; readonly type: string; readonly time: string; readonly data: Readonly<Record<string, unknown>> };

/** Every fact of an order, as the operator of the demo sees it, in causal order. */
export const factsOf = async (cast: Cast, orderId: string): Promise<StoryFact[]> => {
  const story = await cast('operator').get<{ items?: StoryFact[]; facts?: StoryFact[] }>(`/api/orders/${orderId}/story`);
  return story.items ?? story.facts ?? [];
};

export const nameOf = (fact: { readonly type: string }): string => fact.type.split('.').at(-2) ?? fact.type;

export const has = (...names: readonly string[]) => (fact: StoryFact): boolean => names.includes(nameOf(fact));
