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

/** Where a fact stands: no sooner than its cause, and behind it. */
type Place = { readonly time: string; readonly wall: string; readonly depth: number };

/** The moment a UUIDv7 was made (wall milliseconds, hexadecimal). */
const wallOf = (id: string): string => id.slice(0, 13);

/**
 * No order exists across topics, so the story is put in order when it is read: by business time, but never an effect before its cause. The
 * clocks of two services may differ by a little, so a fact counts as told no sooner than its cause, and while the business clock stands the
 * moment its id was made counts in the same way; of those told at once (one decision tells several) causes come first, then ids decide.
 * A cause that is not among the facts orders nothing. Times are ISO texts of one length, ids UUIDv7.
 */
export const inCausalOrder = (facts: readonly Told[]): Told[] => {
  const present = new Map(facts.map((fact) => [fact.id, fact]));
  const places = new Map<string, Place>();
  const placeOf = (fact: Told): Place => {
    const known = places.get(fact.id);
    if (known !== undefined) return known;
    // Placed before its cause is: a circle (which only broken data has) ends instead of turning for ever.
    let place: Place = { time: fact.time, wall: wallOf(fact.id), depth: 0 };
    places.set(fact.id, place);
    const cause = fact.causationid === undefined ? undefined : present.get(fact.causationid);
    if (cause !== undefined) {
      const { time, wall, depth } = placeOf(cause);
      place = { time: later(place.time, time), wall: later(place.wall, wall), depth: depth + 1 };
      places.set(fact.id, place);
    }
    return place;
  };
  return facts
    .map((fact) => ({ fact, ...placeOf(fact) }))
    .sort((one, other) => compare(one.time, other.time) || compare(one.wall, other.wall) || one.depth - other.depth || compare(one.fact.id, other.fact.id))
    .map(({ fact }) => fact);
};

const later = (one: string, other: string): string => (one > other ? one : other);
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
