import { sampleId } from './schema.js';

// The hero story «بازگشایی مدارس», told once: every contract's sample is a moment of it.
export const ids = {
  order: sampleId(1), line: sampleId(2), match: sampleId(3), offer: sampleId(4), variant: sampleId(5), product: sampleId(6),
  shipment: sampleId(7), receipt: sampleId(8), invoice: sampleId(9), case: sampleId(10), instrument: sampleId(11), bid: sampleId(12),
  payment: sampleId(13), limit: sampleId(14), place: sampleId(15), park: sampleId(16), creditNote: sampleId(17), dispute: sampleId(18),
  buyer: sampleId(101), seller: sampleId(102), funder: sampleId(103), carrier: sampleId(104), supplier: sampleId(105),
};
export const terms = { days: 90, base: 'invoice', instrument: 'barat' } as const;
export const price = { amount: '4150000', per: 1 };
export const shipTo = { placeId: ids.place, city: 'رباط کریم', province: 'تهران', latitude: 35.48, longitude: 51.08 };
export const workshop = { placeId: ids.park, city: 'هیدج', province: 'زنجان', latitude: 36.25, longitude: 49.13 };
export const goods = { lineId: ids.line, variantId: ids.variant, quantity: 1000, unit: 'PR' };
export const matched = { ...goods, offerId: ids.offer, price, amount: '4150000000' };
export const parties = { orderId: ids.order, matchId: ids.match, buyerId: ids.buyer, sellerId: ids.seller };
