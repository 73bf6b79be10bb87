import { Controller, Get, Param, Query } from '@nestjs/common';
import { fold } from '@peyvand/kernel';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, cursorOf, Everyones, page, pageOf, PageQuery, read, Replies, reply, Text, type ReplyOf, Uuid, valuesOf, Whole } from '@peyvand/platform';
import { z } from 'zod';
import { signedIn } from '../signed-in.js';

export class FindProductsQuery extends PageQuery {
  @Text({ max: 100, optional: true, description: 'Part of a title, code, model or GTIN, however it is spelled' }) q?: string;
  @Text({ max: 40, optional: true }) market?: string;
  @Uuid({ optional: true }) producerId?: string;
  @Whole({ min: 0, max: 10_000, optional: true, description: 'At least this domestic share, in hundredths of a per cent' }) domesticFrom?: number;
}

const Product = z.object({
  productId: reply.uuid, producerId: reply.uuid, market: reply.text, title: reply.bilingual, unit: reply.text.describe('UN/ECE Recommendation 20'), vatCategory: z.enum(['standard', 'exempt']), weightGrams: reply.whole,
  variants: z.array(z.object({ variantId: reply.uuid, code: reply.text, gtin: reply.text.optional(), model: reply.text.optional(), colour: reply.text.optional(), size: reply.text.optional() })),
  packs: z.array(z.object({ id: reply.uuid, code: reply.text, contents: z.array(z.object({ variantId: reply.uuid, quantity: reply.whole })) })),
  origin: z.object({ country: reply.text.describe('ISO 3166-1'), domesticShare: reply.whole.describe('In hundredths of a per cent'), evidence: reply.text }).optional(),
}).meta({ id: 'Product' });

type Listed = ReplyOf<typeof Product>;
type Row = Omit<Listed, 'productId' | 'origin'> & { readonly id: string; readonly origin: Listed['origin'] | null };

@Controller('api/producers/products')
export class FindProductsHttp {
  constructor(private readonly source: Source) {}

  /** The catalogue of all producers: what ProductListed tells everyone. Prices are in offers, which are their producer's own. */
  @Get()
  @Allow(...signedIn)
  @Replies(pageOf(Product))
  async find(@Query() query: FindProductsQuery, @Caller() caller: Caller) {
    const limit = query.limit ?? 50;
    const after = query.cursor === undefined ? undefined : valuesOf(query.cursor, z.tuple([z.uuid()]))[0];
    const found = await read(this.source, caller, (tx) => search(tx, query, after, limit + 1));
    const last = found[limit - 1];
    return page(found.slice(0, limit).map(shown), found.length > limit && last !== undefined ? cursorOf([last.id]) : undefined);
  }

  @Get(':id')
  @Everyones('a public catalogue')
  @Allow(...signedIn)
  @Replies(Product)
  one(@Param('id') id: string, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const [row] = await tx.sql<Row>(`${select} where p.id = $1`, [id]);
      return row && shown(row);
    });
  }
}

const shown = ({ id: productId, origin, ...product }: Row) => ({ productId, ...product, ...(origin !== null && { origin }) });

// The variants of a page come with it: a variant is what an order line names.
const select = `
  select p.id, p.producer_id as "producerId", p.market, json_build_object('fa', p.title_fa, 'en', p.title_en) as title, p.unit, p.vat_category as "vatCategory",
    p.weight_grams as "weightGrams", p.packs, p.origin, (
      select json_agg(json_strip_nulls(json_build_object('variantId', v.id, 'code', v.code, 'gtin', v.gtin, 'model', v.model, 'colour', v.colour, 'size', v.size)) order by v.place)
      from variants v where v.product_id = p.id) as variants
  from products p`;

const search = (tx: Tx, { q, market, producerId, domesticFrom }: FindProductsQuery, after: string | undefined, limit: number): Promise<Row[]> =>
  tx.sql<Row>(`${select}
    where ($1::uuid is null or p.id > $1) and ($2::text is null or p.market = $2) and ($3::uuid is null or p.producer_id = $3) and ($4::text is null or strpos(p.folded, $4) > 0)
      and ($5::int is null or (p.origin ->> 'domesticShare')::int >= $5)
    order by p.id limit $6`, [after ?? null, market ?? null, producerId ?? null, q === undefined ? null : fold(q), domesticFrom ?? null, limit]);
