/**
 * Default policy: matches are spread evenly and repeatably over the registered carriers, by the match's id. Where none has
 * registered yet the seller brings the goods itself, so that no trade waits for a carrier.
 */
export const chooseCarrier = (carriers: readonly string[], match: { readonly matchId: string; readonly sellerId: string }): string => {
  // The last digits of a UUIDv7 are random.
  const place = carriers.length === 0 ? 0 : Number.parseInt(match.matchId.slice(-8), 16) % carriers.length;
  return carriers[place] ?? match.sellerId;
};
