import { z } from 'zod';
import type { Audience, FactContract } from '../contract.js';

export type Json = { readonly [key: string]: unknown };

/** The contract as JSON Schema 2020-12, with its sample. Unknown fields are allowed: consumers ignore what they do not know. */
export const jsonSchemaOf = (contract: FactContract): Json => {
  const { $schema, ...schema } = z.toJSONSchema(contract.schema, { io: 'input', target: 'draft-2020-12' }) as Record<string, unknown>;
  return {
    $schema,
    $id: `urn:peyvand:fact:${contract.type}`,
    title: contract.name,
    description: contract.summary,
    ...schema,
    'x-type': contract.type,
    'x-key': contract.key,
    'x-audience': audienceOf(contract.audience),
    examples: [contract.sample],
  };
};

/** Role → which fields it sees; '*' for all. */
const audienceOf = (audience: Audience): Json =>
  Object.fromEntries(Object.entries(audience).map(([role, seat]) => [role, typeof seat === 'string' ? '*' : (seat.fields ?? '*')]));
