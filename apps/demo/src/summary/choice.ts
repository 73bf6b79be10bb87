import type { Cast } from '../actors/cast.js';
import { networkKeys, networks, type Named } from '../world/parties.js';

/**
 * Why an offer won, as its buyer sees it. Rials per unit, landed: the price at present value (the buyer's cost of funds over the days it
 * waits) and the freight to its door. Producers and banks never see rivals; the page says whose view it is.
 */
export type Choice = {
  readonly buyer: string; readonly seller: string; readonly title: Named; readonly quantity: number; readonly unit: string; readonly days: number; readonly distanceKm: number;
  readonly price: string; readonly presentValue: string; readonly freight: string; readonly landed: string;
  readonly runnerUp?: { readonly seller: string; readonly landed: string; readonly difference: string };
};

type Line = Omit<Choice, 'buyer' | 'seller' | 'days' | 'price' | 'runnerUp'> & {
  readonly price: { readonly amount: string; readonly per: number }; readonly amount: string; readonly runnerUp?: { readonly sellerId: string; readonly landed: string; readonly difference: string };
};
type Order = { readonly matches: readonly { readonly matchId: string; readonly sellerId: string; readonly terms: { readonly days: number }; readonly lines: readonly Line[] }[] };

/** Reads the match's dearest line that had a rival, or its dearest line, through the buyer's own API; undefined where the buyer is no chain of the demo. */
export const readChoice = async (cast: Cast, { orderId, matchId, buyerId }: Readonly<Record<'orderId' | 'matchId' | 'buyerId', string>>): Promise<Choice | undefined> => {
  const key = networkKeys.find((network) => networks[network].id === buyerId);
  const match = key && (await cast(`${key}.buyer`).get<Order>(`/api/orders/${orderId}`)).matches.find((one) => one.matchId === matchId);
  const [line] = (match?.lines ?? []).toSorted((a, b) => Number(b.runnerUp !== undefined) - Number(a.runnerUp !== undefined) || Number(b.amount) - Number(a.amount));
  if (match === undefined || line === undefined) return undefined;
  const { title, quantity, unit, distanceKm, presentValue, freight, landed, runnerUp } = line;
  return {
    buyer: buyerId, seller: match.sellerId, title, quantity, unit, days: match.terms.days, distanceKm, price: line.price.amount, presentValue, freight, landed,
    ...(runnerUp && { runnerUp: { seller: runnerUp.sellerId, landed: runnerUp.landed, difference: runnerUp.difference } }),
  };
};
