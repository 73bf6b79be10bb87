import { place, price, terms } from '@peyvand/contracts';
import { z } from 'zod';

// The words replies are described with, as fields.ts has them for requests: a unit or a format is decided once. They are never parsed
// with: the compiler holds handlers to their types, and the tests' clients hold answers to the JSON Schema that is made of them.

/** What code holds as one type and JSON as another. */
const as = <T>(schema: z.ZodType): z.ZodType<unknown, T> => schema as z.ZodType<unknown, T>;

const text = (format: string, example: string) => z.string().meta({ format, examples: [example] });

export const reply = {
  uuid: z.string().meta({ format: 'uuid' }),
  text: z.string(),
  /** An amount of money: bigint inside, whole rials as text outside. */
  rials: as<bigint | string>(z.string().regex(/^(0|[1-9][0-9]*)$/).meta({ description: 'Whole rials as text', examples: ['12500000'] })),
  /** A sum that may be below zero. */
  balance: as<bigint | string>(z.string().regex(/^(0|-?[1-9][0-9]*)$/).meta({ description: 'Whole rials as text; what is owed is negative', examples: ['-12500000'] })),
  /** A civil day in Tehran. */
  day: text('date', '2026-03-21'),
  moment: text('date-time', '2026-03-21T06:00:00.000Z'),
  whole: z.int().min(0),
  /** A yearly rate. */
  rate: z.int().meta({ description: 'Yearly, in hundredths of a per cent: 2300 = 23 %', examples: [2300] }),
  number: z.number(),
  flag: z.boolean(),
  /** A name or title in both languages. */
  bilingual: z.object({ fa: z.string(), en: z.string() }).meta({ id: 'Bilingual' }),
  place: place.meta({ id: 'Place' }),
  price: price.meta({ id: 'Price', description: 'The amount is for `per` units' }),
  terms: terms.meta({ id: 'PaymentTerms', description: 'When and how is paid: `days` after `base`' }),
  /** Data whose shape is described elsewhere, such as a fact's. */
  anything: z.record(z.string(), z.unknown()),
  /** An item of a bulk reply that was refused; its service adds the id, and the details of the refusal come with it. */
  refused: z.looseObject({ ok: z.literal(false), type: z.string().describe('urn:peyvand:problem:<code>, as the single request answers it'), status: z.int(), detail: z.string() }),
};

/** Schemas that mean the same in every service, by name. */
export const sharedSchemas: ReadonlySet<string> = new Set(['Problem', ...Object.values(reply).flatMap((word) => word.meta()?.id ?? [])]);
