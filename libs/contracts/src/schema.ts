import { z } from 'zod';

// The words every contract is spelled with: one schema per concept, so that a unit or a format is decided once.

export const id = z.uuid();
/** Whole rials as a string: amounts pass 2^53. */
export const rial = z.string().regex(/^\d{1,20}$/);
export const quantity = z.int().min(0).max(1_000_000_000);
/** UN/ECE Recommendation 20 code: PR pair, H87 piece, DZN dozen, CT carton, FTK square foot. */
export const unit = z.string().regex(/^[A-Z0-9]{2,3}$/);
/** Civil day in Asia/Tehran, YYYY-MM-DD. */
export const day = z.iso.date();
/** Business-clock moment, ISO 8601 UTC. */
export const moment = z.iso.datetime();
/** Hundredths of a per cent: 2300 = 23 %. */
export const rate = z.int().min(0).max(100_000);
const longestWord = 200;
/** Characters are counted as JSON Schema and people do; zod's own `max` counts an emoji twice. */
export const word = z.string().min(1).refine((text) => text.length <= longestWord || [...text].length <= longestWord, `Too big: expected at most ${longestWord} characters`).meta({ maxLength: longestWord });
export const price = z.object({ amount: rial, per: z.int().min(1) });
export const terms = z.object({
  days: z.int().min(0).max(365),
  base: z.enum(['invoice', 'receipt', 'month-end']),
  instrument: z.enum(['cash', 'open', 'barat', 'e-barat', 'safte', 'cheque']),
});
export const place = z.object({
  placeId: id,
  city: word,
  province: word,
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});
/** A line of a match: which offer fills which order line, at what price. */
export const matchLine = z.object({ lineId: id, offerId: id, variantId: id, quantity, unit, price, amount: rial });
export const goodsLine = z.object({ lineId: id, variantId: id, quantity, unit });
export const fillPolicy = z.enum(['partial', 'all-or-none', 'back-order']);

/** Ids for samples: readable, stable, valid. */
export const sampleId = (n: number): string => `01938000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export type Price = z.infer<typeof price>;
export type PaymentTerms = z.infer<typeof terms>;
export type Place = z.infer<typeof place>;
export type MatchLine = z.infer<typeof matchLine>;
export type GoodsLine = z.infer<typeof goodsLine>;
export type FillPolicy = z.infer<typeof fillPolicy>;
