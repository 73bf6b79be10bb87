/** A fact as the story tells it. */
export type Told = {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly summary: string;
  readonly time: string;
  readonly causationid?: string;
  readonly data: Record<string, unknown>;
};

/**
 * No order exists across topics, so the story is put in order when it is read: by business time, but never an effect before its cause
 * (the clocks of two services may read the same moment). `facts` come sorted by time; a cause that is not among them orders nothing.
 */
export const inCausalOrder = (facts: readonly Told[]): Told[] => {
  const present = new Map(facts.map((fact) => [fact.id, fact]));
  const told = new Set<string>();
  const story: Told[] = [];
  const tell = (fact: Told): void => {
    // Marked before its cause is told: a circle (which only broken data has) ends instead of turning for ever.
    if (told.has(fact.id)) return;
    told.add(fact.id);
    const cause = fact.causationid === undefined ? undefined : present.get(fact.causationid);
    if (cause !== undefined) tell(cause);
    story.push(fact);
  };
  for (const fact of facts) tell(fact);
  return story;
};
