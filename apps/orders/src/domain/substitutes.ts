/** What decides whether one variant may stand for another: goods are compared inside one market, and quantities are counted in one unit. */
export type Kind = { readonly market: string; readonly unit: string };
export type SubstituteFault = 'substitute-unknown' | 'market-differs' | 'substitute-unit-differs';

/** Why `other` may not stand for `own`; undefined when it may. */
export const substituteFault = (own: Kind, other: Kind | undefined): SubstituteFault | undefined => {
  if (other === undefined) return 'substitute-unknown';
  if (other.market !== own.market) return 'market-differs';
  return other.unit === own.unit ? undefined : 'substitute-unit-differs';
};

/** Each once, in the order of preference, without the variant itself. */
export const withoutRepeats = (substitutes: readonly string[], own: string): string[] => [...new Set(substitutes)].filter((id) => id !== own);
