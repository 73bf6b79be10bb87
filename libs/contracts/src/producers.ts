import { z } from 'zod';

import { factsOf } from './contract.js';
import * as sample from './sample.js';
import { day, id, place, price, quantity, rial, terms, unit, word } from './schema.js';

const fact = factsOf('producers');
const { ids } = sample;

export const ProducerRegistered = fact('ProducerRegistered', {
  summary: 'A factory, workshop or guild unit joined; it may list products but not offer them until it is verified.',
  key: 'producerId',
  audience: { producer: 'producerId', anyone: { party: '*', fields: ['producerId', 'kind', 'place'] } },
  data: z.object({ producerId: id, kind: z.enum(['factory', 'workshop', 'guild-unit']), place, site: z.enum(['industrial-park', 'industrial-zone', 'guild-park', 'workshop-complex', 'none']), small: z.boolean() }),
  sample: { producerId: ids.seller, kind: 'workshop', place: sample.workshop, site: 'workshop-complex', small: true },
});

export const ProducerVerified = fact('ProducerVerified', {
  summary: 'A licence was confirmed with its issuer; offers of this producer may be matched until it expires.',
  key: 'producerId',
  audience: { producer: 'producerId', anyone: { party: '*', fields: ['producerId', 'licence', 'validUntil'] } },
  data: z.object({ producerId: id, licence: z.enum(['operation', 'establishment', 'guild', 'commercial-card']), validUntil: day }),
  sample: { producerId: ids.seller, licence: 'guild', validUntil: '2028-03-19' },
});

export const ProducerSuspended = fact('ProducerSuspended', {
  summary: 'The producer may not be matched any more (licence expired or withdrawn, or an operator decided so).',
  key: 'producerId',
  audience: { producer: 'producerId', anyone: { party: '*', fields: ['producerId'] } },
  data: z.object({ producerId: id, reason: z.enum(['licence-expired', 'licence-withdrawn', 'by-operator']) }),
  sample: { producerId: ids.seller, reason: 'licence-expired' },
});

export const ProductListed = fact('ProductListed', {
  summary: 'A product with its variants and packs entered the catalogue, in one static market; substitutes stay inside it.',
  key: 'productId',
  audience: { producer: 'producerId', anyone: '*' },
  data: z.object({
    productId: id,
    producerId: id,
    market: z.string().regex(/^[a-z0-9-]{2,40}$/),
    title: z.object({ fa: word, en: word }),
    unit,
    vatCategory: z.enum(['standard', 'exempt']),
    weightGrams: z.int().min(0),
    variants: z.array(z.object({ variantId: id, code: word, gtin: z.string().optional(), model: word.optional(), colour: word.optional(), size: word.optional() })).min(1),
    packs: z.array(z.object({ packId: id, code: word, contents: z.array(z.object({ variantId: id, quantity })).min(1) })),
    /** Where it is made (ISO 3166-1) and how much of its value is domestic, with the document that says so; absent: not stated. */
    origin: z.object({ country: z.string().regex(/^[A-Z]{2}$/), domesticShare: z.int().min(0).max(10_000), evidence: word }).optional(),
  }),
  sample: {
    productId: ids.product, producerId: ids.seller, market: 'children-shoes', title: { fa: 'کتانی بچگانهٔ گامک', en: 'Gamak children’s sneakers' },
    unit: 'PR', vatCategory: 'standard', weightGrams: 450, variants: [{ variantId: ids.variant, code: 'GMK-SNK-30', gtin: '6261000000016', colour: 'سرمه‌ای', size: '30' }], packs: [],
    origin: { country: 'IR', domesticShare: 8_500, evidence: 'SKH-1405-2231' },
  },
});

const offer = z.object({
  offerId: id,
  producerId: id,
  productId: id,
  variantId: id,
  market: z.string().regex(/^[a-z0-9-]{2,40}$/),
  unit,
  /** Units on offer in the whole window; committed units live in orders. */
  capacity: quantity,
  minimum: quantity,
  /** Quantities are multiples of this. */
  lot: z.int().min(1),
  leadDays: z.int().min(0).max(365),
  from: day,
  until: day,
  prices: z.array(z.object({
    terms, price, validUntil: day,
    /** Lower amounts, for as many units as the price's, from so many units of one matched line on: for all its units, or only for those from the step on. */
    breaks: z.object({ kind: z.enum(['all-units', 'incremental']), steps: z.array(z.object({ from: z.int().min(2), amount: rial })).min(1).max(20) }).optional(),
  })).min(1),
  place,
  grade: z.enum(['A', 'B', 'C']),
  revision: z.int().min(1),
});
export type OfferData = z.infer<typeof offer>;

const offerSample: OfferData = {
  offerId: ids.offer, producerId: ids.seller, productId: ids.product, variantId: ids.variant, market: 'children-shoes', unit: 'PR', capacity: 12_000, minimum: 50, lot: 1, leadDays: 7,
  from: '2026-08-23', until: '2026-12-20', grade: 'A', revision: 1, place: sample.workshop,
  prices: [{ terms: sample.terms, price: sample.price, validUntil: '2026-12-20' }, { terms: { days: 0, base: 'invoice', instrument: 'cash' }, price: { amount: '3950000', per: 1 }, validUntil: '2026-12-20' }],
};

export const OfferPublished = fact('OfferPublished', { summary: 'Idle capacity was put on offer, with a price per payment term.', key: 'offerId', audience: { producer: 'producerId' }, data: offer, sample: offerSample });

export const OfferChanged = fact('OfferChanged', {
  summary: 'The offer has new terms; capacity below what is committed stops new matches and voids none.',
  key: 'offerId', audience: { producer: 'producerId' }, data: offer, sample: { ...offerSample, capacity: 9_000, revision: 2 },
});

export const OfferWithdrawn = fact('OfferWithdrawn', {
  summary: 'Nothing more can be matched from this offer; existing matches stand.',
  key: 'offerId',
  audience: { producer: 'producerId' },
  data: z.object({ offerId: id, producerId: id, revision: z.int().min(1) }),
  sample: { offerId: ids.offer, producerId: ids.seller, revision: 3 },
});
