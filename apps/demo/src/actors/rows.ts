import type { Caller } from '../api/api.js';

/** Rows of the public lists, as far as the demo's people read them. */
export type MatchRow = { readonly matchId: string; readonly orderId: string; readonly buyerId: string; readonly sellerId: string; readonly financingDeclined?: boolean; readonly promisedBy: string; readonly lines: readonly { readonly lineId: string; readonly quantity: number }[] };
export type ShipmentRow = {
  readonly shipmentId: string; readonly orderId: string; readonly matchId: string; readonly secured?: boolean; readonly status: string; readonly carrierId: string; readonly shipTo: { readonly placeId: string }; readonly buyerId: string; readonly sellerId: string;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
};
export type InvoiceRow = { readonly invoiceId: string; readonly shipmentId: string; readonly orderId: string; readonly status: string; readonly buyerId: string };
export type CaseRow = {
  readonly caseId: string; readonly orderId: string; readonly invoiceId: string; readonly stage: string; readonly face: string; readonly buyerId: string; readonly sellerId: string; readonly holderId: string;
  readonly terms: { readonly instrument: string }; readonly bidUntil?: string; readonly instrument?: { readonly instrumentId: string; readonly status: string };
};
export type BidRow = { readonly bidId: string; readonly net?: string; readonly validUntil: string };
export type Page<T> = { readonly items: readonly T[]; readonly next?: string };

/** Every row of a list, page by page: what waits longest may stand at either end of it. */
export const allOf = async <T>(caller: Caller, path: string): Promise<T[]> => {
  const rows: T[] = [];
  for (let cursor = ''; ; ) {
    const { items, next } = await caller.get<Page<T>>(`${path}&limit=200${cursor}`);
    rows.push(...items);
    if (next === undefined) return rows;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
};
