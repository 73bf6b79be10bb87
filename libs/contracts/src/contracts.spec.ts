import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { contractOf, everyone, factContracts, incompatibilities, jsonSchemaOf, partiesOf, visibleTo, type FactContract, type Json } from './index.js';
import { word } from './schema.js';

const schemas = new URL('../schemas/', import.meta.url);
const committed = readdirSync(schemas).filter((file) => file.endsWith('.json'));
const named = factContracts.map((contract) => [contract.name, contract] as const);
const fieldsOf = (schema: Json): string[] => Object.entries(schema).flatMap(([keyword, value]) => {
  if (typeof value !== 'object' || value === null || keyword === 'examples') return [];
  return keyword === 'properties' ? Object.entries(value).flatMap(([field, inner]) => [field, ...fieldsOf(inner as Json)]) : fieldsOf(value as Json);
});
const textsOf = (value: unknown): string[] => (typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []);

it('a word has as many characters as people count', () => {
  expect(['', 'x'.repeat(200), '🧦'.repeat(200), '🧦'.repeat(201)].map((text) => word.safeParse(text).success)).toEqual([false, true, true, false]);
});

describe('every fact', () => {
  it('has a name and a type of its own', () => {
    expect(new Set(factContracts.map(({ name }) => name)).size).toBe(factContracts.length);
    for (const contract of factContracts) expect([contract.type, contractOf(contract.type)]).toEqual([`ir.peyvand.${contract.service}.${contract.name}.v1`, contract]);
  });

  it.each(named)('%s has a sample that fits, in words of both schema languages', (_name, contract) => {
    expect(contract.schema.parse(contract.sample)).toEqual(contract.sample);
    const ajv = new Ajv2020({ strict: false });
    (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
    const validate = ajv.compile(jsonSchemaOf(contract));
    expect([validate(JSON.parse(JSON.stringify(contract.sample))), validate.errors]).toEqual([true, null]);
  });

  it.each(named)('%s is keyed by a field that is always there, and seen by somebody', (_name, contract) => {
    const { properties, required } = jsonSchemaOf(contract) as { properties: Json; required: string[] };
    expect(required).toContain(contract.key);
    expect(partiesOf(contract, contract.sample)).not.toEqual([]);
    for (const seat of Object.values(contract.audience)) {
      const { party, fields = [] } = typeof seat === 'string' ? { party: seat } : seat;
      if (party !== '*') expect(properties).toHaveProperty(party);
      for (const field of fields) expect(properties).toHaveProperty(field);
    }
  });

  it.each(named)('%s carries no personal data', (_name, contract) => {
    const personal = /^(name|firstName|lastName|fullName|nationalId|kode?Melli|birth.*|phone|mobile|tel(ephone|No|Number)?|email|sheba|iban|account(Number)?|postalCode|address|driver|plate|signature|subject|person.*|user.*)$/i;
    expect(fieldsOf(jsonSchemaOf(contract)).filter((field) => personal.test(field))).toEqual([]);
    expect(textsOf(contract.sample).filter((text) => /IR\d{24}|(\+98|\b0)9\d{9}\b|^\d{10}$/.test(text) && !isRial(contract, text))).toEqual([]);
  });

  it.each(named)('%s lets a bid, a limit or another’s match be seen by no one but those it names', (_name, contract) => {
    expect(visibleTo(contract, contract.sample, '01938000-0000-7000-8000-000000009999')).toEqual(partiesOf(contract, contract.sample).includes(everyone) ? expect.anything() : undefined);
  });
});

// An amount of ten digits is no kod-e melli: it is told by its field.
const isRial = (contract: FactContract, text: string): boolean => new RegExp(`"(amount|gross|goods|vat|face|net|price|profit|fee|maxFace|automaticAwardUpTo|stampDuty|priceCeiling)":"${text}"`).test(JSON.stringify(contract.sample));

describe('the committed schemas', () => {
  it.each(committed)('%s is kept to: a newer contract of the version only adds optional fields', (file) => {
    const older = JSON.parse(readFileSync(new URL(file, schemas), 'utf8')) as Json;
    const contract = contractOf(String(older['x-type']));
    expect(contract === undefined ? ['the fact was removed'] : incompatibilities(older, JSON.parse(JSON.stringify(jsonSchemaOf(contract))) as Json)).toEqual([]);
  });

  it('are there for every fact (npm run generate)', () => {
    expect(committed.sort()).toEqual(factContracts.map(({ name }) => `${name}.v1.json`).sort());
  });
});

describe('the gate', () => {
  const base = { type: 'object', properties: { a: { type: 'string', pattern: 'x' }, b: { type: 'array', items: { type: 'object', properties: { c: { enum: ['p', 'q'] } }, required: ['c'] } } }, required: ['a'] };
  const inner = (items: object) => ({ ...base, properties: { ...base.properties, b: { type: 'array', items } } });
  it.each<[string, Json, string[]]>([
    ['an optional field', { ...base, properties: { ...base.properties, d: { type: 'number' } } }, []],
    ['another description', { ...base, description: 'better' }, []],
    ['a required field', { ...base, properties: { ...base.properties, d: {} }, required: ['a', 'd'] }, ['/d: is required now']],
    ['a removed field', { ...base, properties: { a: base.properties.a } }, ['/b: was removed']],
    ['a field no longer always there', { ...base, required: [] }, ['/a: is no longer always there']],
    ['another type', { ...base, properties: { ...base.properties, a: { type: 'number', pattern: 'x' } } }, ['/a/type: "string" became "number"']],
    ['a looser pattern', { ...base, properties: { ...base.properties, a: { type: 'string' } } }, ['/a/pattern: "x" became nothing']],
    ['a new word in an enum', inner({ type: 'object', properties: { c: { enum: ['p', 'q', 'r'] } }, required: ['c'] }), ['/b/items/c/enum: ["p","q"] became ["p","q","r"]']],
    ['something required deep inside', inner({ type: 'object', properties: { c: { enum: ['p', 'q'] }, e: {} }, required: ['c', 'e'] }), ['/b/items/e: is required now']],
  ])('judges %s', (_name, newer, faults) => {
    expect(incompatibilities(base, newer)).toEqual(faults);
  });
});
