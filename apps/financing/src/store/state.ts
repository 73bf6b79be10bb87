/** Domain states are stored as JSON; money inside travels as {"rial": "…"} because JSON has no bigint. */
export const toJson = (state: unknown): string => JSON.stringify(state, (_key, value: unknown) => (typeof value === 'bigint' ? { rial: String(value) } : value));

/** The other way, from what pg has parsed already. */
export const fromJson = <T>(stored: unknown): T => revive(stored) as T;

const revive = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined && first[0] === 'rial' && typeof first[1] === 'string') return BigInt(first[1]);
  return Object.fromEntries(entries.map(([key, inner]) => [key, revive(inner)]));
};
