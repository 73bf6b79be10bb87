/** A refusal here means that two records of one case disagree: a bug, for an operator to see. */
export const must = <T extends { readonly ok: boolean }>(decision: T): Extract<T, { readonly ok: true }> => {
  if (!decision.ok) throw new Error(`The case contradicts itself: ${String((decision as { reason?: unknown }).reason)}`);
  return decision as Extract<T, { readonly ok: true }>;
};
