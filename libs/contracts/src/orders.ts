import { z } from 'zod';

import { factsOf } from './contract.js';
import * as sample from './sample.js';
import { day, fillPolicy, id, matchLine, moment, place, quantity, rial, terms, unit, word } from './schema.js';

const fact = factsOf('orders');
const { ids } = sample;

const orderLine = z.object({
  lineId: id,
  variantId: id,
  /** Other variants that do as well, in order of preference, which decides between equal costs; same market and unit as `variantId`. */
  substitutes: z.array(id).max(50).optional(),
  quantity,
  unit,
  shipTo: place,
  neededBy: day,
  /** Most the buyer pays per unit, at present value. */
  priceCeiling: rial.optional(),
  terms: terms.optional(),
  minimumGrade: z.enum(['A', 'B', 'C']).optional(),
  fillPolicy,
  approvedSellers: z.array(id),
  blockedSellers: z.array(id),
  /** At least so many units are matched, or none. */
  minimumFill: quantity.optional(),
  maximumSuppliers: z.int().min(1).optional(),
  /** No seller gets more than so many per cent of the line. */
  shareCap: z.int().min(1).max(100).optional(),
  /** In the order the buyer likes them. */
  preferredSellers: z.array(id).optional(),
  /** Producers that got nothing may learn the band by which they missed the line. */
  tellsLosers: z.boolean().optional(),
});
const order = z.object({
  orderId: id,
  buyerId: id,
  poNumber: word,
  lines: z.array(orderLine).min(1),
  award: z.enum(['automatic', 'approver']),
  /** An input order: the match of the seller's own sale that it feeds; that is how chains form. */
  parentMatchId: id.optional(),
  importId: id.optional(),
  revision: z.int().min(1),
});
const orderSample: z.infer<typeof order> = {
  orderId: ids.order, buyerId: ids.buyer, poNumber: 'NRN-1405-0731', award: 'automatic', revision: 1,
  lines: [{ ...sample.goods, shipTo: sample.shipTo, neededBy: '2026-09-20', fillPolicy: 'partial', approvedSellers: [], blockedSellers: [] }],
};

export const OrderSubmitted = fact('OrderSubmitted', { summary: 'A buyer asks for goods.', key: 'orderId', audience: { buyer: 'buyerId' }, data: order, sample: orderSample });

export const OrderChanged = fact('OrderChanged', {
  summary: 'The buyer changed lines that were not matched yet.', key: 'orderId', audience: { buyer: 'buyerId' }, data: order, sample: { ...orderSample, revision: 2 },
});

export const OrderCancelled = fact('OrderCancelled', {
  summary: 'The buyer cancelled what was not dispatched yet.',
  key: 'orderId', audience: { buyer: 'buyerId' }, data: z.object({ orderId: id, buyerId: id, reason: word }), sample: { orderId: ids.order, buyerId: ids.buyer, reason: 'season-over' },
});

const match = z.object({
  orderId: id,
  matchId: id,
  buyerId: id,
  sellerId: id,
  poNumber: word,
  market: word,
  lines: z.array(matchLine).min(1),
  terms,
  /** Goods value before tax. */
  amount: rial,
  shipTo: place,
  neededBy: day,
  promisedBy: day,
  parentMatchId: id.optional(),
});
const matchSample: z.infer<typeof match> = {
  ...sample.parties, poNumber: 'NRN-1405-0731', market: 'children-shoes', lines: [sample.matched], terms: sample.terms, amount: '4150000000', shipTo: sample.shipTo, neededBy: '2026-09-20', promisedBy: '2026-09-15',
};
const trade = { buyer: 'buyerId', seller: 'sellerId' } as const;

export const MatchMade = fact('MatchMade', {
  summary: 'One order and one producer were matched; the quantity is committed against the offers. A line’s variant is the offer’s: the one asked for or a substitute.', key: 'orderId',
  // The producer hears of a match when the purchase order is issued to it, not while the buyer may still decide otherwise.
  audience: { buyer: 'buyerId' }, data: match, sample: matchSample,
});

export const LineUnmatched = fact('LineUnmatched', {
  summary: 'Nothing (more) was found for this quantity, with the binding reason and the smallest cure.',
  key: 'orderId',
  audience: { buyer: 'buyerId' },
  data: z.object({
    orderId: id, lineId: id, buyerId: id, variantId: id, quantity, unit,
    reason: z.enum(['no-offer', 'no-capacity', 'above-ceiling', 'too-late', 'below-grade', 'seller-not-allowed', 'terms-not-offered', 'below-minimum', 'not-whole']),
    /** Which of the line's own limits on sellers stands in the way, where the reason is `seller-not-allowed`. */
    limit: z.enum(['share-cap', 'too-many-suppliers']).optional(),
    cure: z.object({
      priceCeiling: rial.optional(), neededBy: day.optional(), quantity: quantity.optional(), minimumFill: quantity.optional(),
      /** Per cent. */
      shareCap: z.int().min(1).max(100).optional(), maximumSuppliers: z.int().min(1).optional(),
    }),
  }),
  sample: { orderId: ids.order, lineId: ids.line, buyerId: ids.buyer, variantId: ids.variant, quantity: 200, unit: 'PR', reason: 'above-ceiling', cure: { priceCeiling: '4150000' } },
});

export const AwardProposed = fact('AwardProposed', {
  summary: 'The matches wait for an approver of the buyer (not the one who submitted).',
  key: 'orderId', audience: { buyer: 'buyerId' }, data: z.object({ orderId: id, buyerId: id, matchIds: z.array(id).min(1), amount: rial, approveBy: moment }),
  sample: { orderId: ids.order, buyerId: ids.buyer, matchIds: [ids.match], amount: '4150000000', approveBy: '2026-08-25T08:00:00.000Z' },
});

export const AwardApproved = fact('AwardApproved', {
  summary: 'The award stands, by policy or by an approver.',
  key: 'orderId', audience: { buyer: 'buyerId' }, data: z.object({ orderId: id, buyerId: id, matchIds: z.array(id).min(1), amount: rial, how: z.enum(['automatic', 'approver']) }),
  sample: { orderId: ids.order, buyerId: ids.buyer, matchIds: [ids.match], amount: '4150000000', how: 'automatic' },
});

export const PurchaseOrderIssued = fact('PurchaseOrderIssued', {
  summary: 'The buyer’s purchase order to one producer; the producer answers before `acceptBy`.',
  key: 'orderId', audience: trade, data: match.extend({ acceptBy: moment }), sample: { ...matchSample, acceptBy: '2026-08-25T08:00:00.000Z' },
});

export const PurchaseOrderAccepted = fact('PurchaseOrderAccepted', {
  summary: 'Buyer and producer agree; the lines here are the ones that count from now on.', key: 'orderId', audience: trade, data: match, sample: matchSample,
});

const answer = z.object({ orderId: id, matchId: id, buyerId: id, sellerId: id });

export const PurchaseOrderChangeProposed = fact('PurchaseOrderChangeProposed', {
  summary: 'The producer accepts with a change, which returns to the buyer.',
  key: 'orderId', audience: trade,
  data: answer.extend({ promisedBy: day, lines: z.array(z.object({ lineId: id, quantity })).min(1), reason: word, answerBy: moment }),
  sample: { ...sample.parties, promisedBy: '2026-09-18', lines: [{ lineId: ids.line, quantity: 960 }], reason: 'capacity', answerBy: '2026-08-26T08:00:00.000Z' },
});

export const PurchaseOrderDeclined = fact('PurchaseOrderDeclined', {
  summary: 'The producer declines, or did not answer in time; the remainder is matched again without it.',
  key: 'orderId', audience: trade, data: answer.extend({ reason: word }), sample: { ...sample.parties, reason: 'not-answered' },
});

export const MatchSecured = fact('MatchSecured', {
  summary: 'Goods may be dispatched: a limit is reserved, or cash or open terms were agreed.',
  key: 'orderId', audience: trade,
  data: answer.extend({ by: z.enum(['funder-limit', 'seller-limit', 'cash', 'open-terms']) }), sample: { ...sample.parties, by: 'funder-limit' },
});

export const MatchReleased = fact('MatchReleased', {
  summary: 'The match is over before delivery; its quantity is free again.',
  // A producer that was never sent the purchase order never heard of the match, and does not hear of its end.
  key: 'orderId', audience: { buyer: 'buyerId', seller: 'toldSellerId' },
  data: answer.extend({ toldSellerId: id.optional(), reason: z.enum(['declined', 'not-answered', 'award-refused', 'order-cancelled', 'not-secured', 'change-refused', 'not-dispatched']), lines: z.array(z.object({ lineId: id, offerId: id, quantity })) }),
  sample: { ...sample.parties, toldSellerId: ids.seller, reason: 'declined', lines: [{ lineId: ids.line, offerId: ids.offer, quantity: 1000 }] },
});

export const OfferNotChosen = fact('OfferNotChosen', {
  summary: 'In a round an offer got nothing although lines allowed it; how much lower it would have had to be at the nearest line whose buyer lets losers know. Never an order, a buyer, a rival or a price.',
  key: 'offerId', audience: { seller: 'sellerId' },
  data: z.object({
    offerId: id, sellerId: id, variantId: id, market: word, asOf: day,
    /** Per cent of the offer’s own price at present value. */
    band: z.enum(['up-to-1', '1-to-3', '3-to-10', 'above-10']),
  }),
  sample: { offerId: ids.offer, sellerId: ids.seller, variantId: ids.variant, market: 'children-shoes', asOf: '2026-08-23', band: '1-to-3' },
});

export const OrderClosed = fact('OrderClosed', {
  summary: 'The order’s visible end. Told once more, and then it counts, when goods were leaving while the order ended.',
  key: 'orderId', audience: { buyer: 'buyerId' },
  data: z.object({ orderId: id, buyerId: id, outcome: z.enum(['closed', 'part-closed', 'cancelled', 'unmatched']), reasons: z.array(word) }),
  sample: { orderId: ids.order, buyerId: ids.buyer, outcome: 'part-closed', reasons: ['short', 'rejected'] },
});
