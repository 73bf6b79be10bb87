import { compactCode, newId, normalise, units, type Unit } from '@peyvand/kernel';
import { ListOf, Nested, OneOf, Text, Uuid, Whole } from '@peyvand/platform';
import type { Product } from '../domain/product.js';
import { BilingualName } from '../register-producer/register-producer.http.js';

export class VariantBody {
  @Uuid({ optional: true }) id?: string;
  @Text({ max: 60, description: 'The producer’s own code of the variant' }) code: string;
  @Text({ max: 20, optional: true }) gtin?: string;
  @Text({ max: 80, optional: true }) model?: string;
  @Text({ max: 60, optional: true }) colour?: string;
  @Text({ max: 30, optional: true }) size?: string;
}

export class PackContentBody {
  @Uuid({ optional: true }) variantId?: string;
  @Text({ max: 60, optional: true, description: 'Instead of variantId: the code of a variant of this product' }) code?: string;
  @Whole({ min: 1, max: 100_000 }) quantity: number;
}

export class PackBody {
  @Uuid({ optional: true }) id?: string;
  @Text({ max: 60 }) code: string;
  @ListOf(() => PackContentBody, { min: 1, max: 100 }) contents: PackContentBody[];
}

export class OriginBody {
  @Text({ pattern: /^[A-Z]{2}$/, max: 2, description: 'ISO 3166-1', example: 'IR' }) country: string;
  @Whole({ min: 0, max: 10_000, description: 'Domestic share of its value in hundredths of a per cent: 8500 = 85 %' }) domesticShare: number;
  @Text({ max: 120, description: 'The document that proves it, such as a domestic-content certificate’s number' }) evidence: string;
}

export class ProductBody {
  @Uuid({ optional: true }) id?: string;
  @Text({ pattern: /^[a-z0-9-]{2,40}$/, max: 40, example: 'children-shoes' }) market: string;
  @Nested(() => BilingualName) title: BilingualName;
  @OneOf(Object.keys(units), { description: 'UN/ECE Recommendation 20' }) unit: Unit;
  @OneOf(['standard', 'exempt']) vatCategory: 'standard' | 'exempt';
  @Whole({ min: 0, max: 10_000_000 }) weightGrams: number;
  @ListOf(() => VariantBody, { min: 1, max: 500 }) variants: VariantBody[];
  @ListOf(() => PackBody, { max: 100, optional: true }) packs?: PackBody[];
  @Nested(() => OriginBody, { optional: true }) origin?: OriginBody;
}

/** The product a body tells of, with ids where none were given and text as it is stored. */
export const productOf = (body: ProductBody, producerId: string): Product => {
  const variants = body.variants.map(({ id, code, gtin, model, colour, size }) => ({
    id: id ?? newId(), code: normalise(code), ...(gtin !== undefined && { gtin: compactCode(gtin) }),
    ...(model !== undefined && { model: normalise(model) }), ...(colour !== undefined && { colour: normalise(colour) }), ...(size !== undefined && { size: normalise(size) }),
  }));
  return {
    id: body.id ?? newId(), producerId, market: body.market, title: { fa: normalise(body.title.fa), en: normalise(body.title.en) },
    unit: body.unit, vatCategory: body.vatCategory, weightGrams: body.weightGrams, variants,
    packs: (body.packs ?? []).map(({ id, code, contents }) => ({
      id: id ?? newId(), code: normalise(code), contents: contents.map(({ variantId, code: of, quantity }) => ({ variantId: variantNamed(variants, variantId, of), quantity })),
    })),
    ...(body.origin && { origin: { country: body.origin.country, domesticShare: body.origin.domesticShare, evidence: normalise(body.origin.evidence) } }),
  };
};

/** An unknown name gives an empty id, which the product's own rules then point at. */
export const variantNamed = (variants: Product['variants'], id: string | undefined, code: string | undefined): string =>
  id ?? variants.find((variant) => code !== undefined && variant.code === normalise(code))?.id ?? '';
