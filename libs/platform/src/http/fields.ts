import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { isUsableDay, isUuid } from '@peyvand/kernel';
import { Transform, Type } from 'class-transformer';
import { IsOptional, ValidateBy, ValidateNested } from 'class-validator';
import { notAnObject, shaped, sizeWords } from './shape.js';
import { asciiDigits, hasControl, persianText } from './text.js';

/** What every field may say about itself. */
export type FieldOptions = { readonly optional?: true; readonly description?: string; readonly example?: unknown };

type Constructor = new () => object;

/** A UUID. */
export const Uuid = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: 'string', format: 'uuid' }, lowered, rule('uuid', isUuidText, 'باید شناسهٔ UUID باشد', 'must be a UUID'));

/** Text, trimmed, in Persian letter forms; lengths count characters. At least one unless `min: 0`. */
export const Text = ({ min = 1, max = 500, pattern, ...options }: FieldOptions & { readonly min?: number; readonly max?: number; readonly pattern?: RegExp } = {}): PropertyDecorator =>
  field(options, { type: 'string', minLength: min, maxLength: max, ...(pattern === undefined ? {} : { pattern: pattern.source }) }, change((value) => (typeof value === 'string' ? persianText(value) : value)),
    rule('text', (value) => typeof value === 'string' && !hasControl(value), 'باید متن باشد', 'must be text'),
    rule('length', (value) => within([...String(value)].length, min, max), `باید ${min} تا ${max} نویسه باشد`, `must have ${min} to ${max} characters`),
    ...(pattern === undefined ? [] : [rule('pattern', (value) => pattern.test(String(value)), 'به شکل خواسته‌شده نیست', `must look like ${pattern.source}`)]));

/** A code whose digits may be typed in Persian or Arabic; stored with ASCII digits (national ids, Sheba, GTIN). */
export const Code = ({ pattern, ...options }: FieldOptions & { readonly pattern: RegExp }): PropertyDecorator =>
  field(options, { type: 'string', pattern: pattern.source }, change((value) => (typeof value === 'string' ? asciiDigits(value.trim()) : value)),
    rule('pattern', (value) => typeof value === 'string' && pattern.test(value), 'به شکل خواسته‌شده نیست', `must look like ${pattern.source}`));

/** A whole number; in a query also as text, in any of the three digit scripts. */
export const Whole = ({ min = 0, max = Number.MAX_SAFE_INTEGER, ...options }: FieldOptions & { readonly min?: number; readonly max?: number } = {}): PropertyDecorator =>
  field(options, { type: 'integer', minimum: min, maximum: max }, inQuery((text) => (/^-?\d{1,16}$/.test(asciiDigits(text)) ? Number(asciiDigits(text)) : text)),
    rule('whole', (value) => Number.isSafeInteger(value), 'باید عدد درست باشد', 'must be a whole number'),
    rule('range', (value) => within(value as number, min, max), `باید ${min} تا ${max} باشد`, `must be between ${min} and ${max}`));

/** An amount of money: whole rials as text, from `min` to what a bigint column holds. Stays text; use `rials(text)` inside. */
export const Rials = ({ min = '0', ...options }: FieldOptions & { readonly min?: string } = {}): PropertyDecorator =>
  field(options, { type: 'string', pattern: '^(0|[1-9][0-9]{0,18})$', description: 'Whole rials as text', example: '12500000' }, change((value) => (typeof value === 'string' ? asciiDigits(value.trim()) : value)),
    rule('rials', (value) => typeof value === 'string' && /^(0|[1-9]\d{0,18})$/.test(value) && BigInt(value) <= maxRials, 'باید مبلغ به ریال باشد: متنی از رقم‌ها بی‌جداکننده، حداکثر ۱۹ رقم', 'must be an amount in rials: text of up to 19 digits without separators'),
    rule('minimum', (value) => BigInt(value as string) >= BigInt(min), `باید دست‌کم ${min} باشد`, `must be at least ${min}`));

/** A civil day in Tehran, YYYY-MM-DD. */
export const CivilDay = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: 'string', format: 'date', example: '2026-03-21' }, change((value) => (typeof value === 'string' ? asciiDigits(value.trim()) : value)),
    rule('civil-day', (value) => typeof value === 'string' && isUsableDay(value), 'باید روزی از تقویم به شکل YYYY-MM-DD باشد، از ۱۹۰۰ تا ۲۱۹۹', 'must be a day of the calendar as YYYY-MM-DD, from 1900 to 2199'));

/** A moment, ISO 8601 with zone. */
export const Moment = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: 'string', format: 'date-time' },
    rule('moment', (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(value) && isUsableDay(value.slice(0, 10)) && !Number.isNaN(Date.parse(value)), 'باید زمان به شکل ISO 8601 با منطقهٔ زمانی باشد، از ۱۹۰۰ تا ۲۱۹۹', 'must be a moment in ISO 8601 with its zone, from 1900 to 2199'));

/** One of these words. */
export const OneOf = (values: readonly string[], options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: 'string', enum: [...values] },
    rule('one-of', (value) => typeof value === 'string' && values.includes(value), `باید یکی از این‌ها باشد: ${values.join('، ')}`, `must be one of ${values.join(', ')}`));

/** true or false; in a query also as text. */
export const Flag = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: 'boolean' }, inQuery((text) => (text === 'true' ? true : text === 'false' ? false : text)),
    rule('flag', (value) => typeof value === 'boolean', 'باید true یا false باشد', 'must be true or false'));

/** A fraction, such as a coordinate; never money. */
export const Fraction = ({ min, max, ...options }: FieldOptions & { readonly min: number; readonly max: number }): PropertyDecorator =>
  field(options, { type: 'number', minimum: min, maximum: max }, inQuery((text) => (text.trim() === '' || Number.isNaN(Number(asciiDigits(text))) ? text : Number(asciiDigits(text)))),
    rule('number', (value) => typeof value === 'number' && within(value, min, max), `باید عددی میان ${min} و ${max} باشد`, `must be a number between ${min} and ${max}`));

/** An object with its own class. */
export const Nested = (cls: () => Constructor, options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: () => cls() }, Type(cls), shaped({ cls }), rule('object', isPlain, ...notAnObject), ValidateNested());

type Sized = FieldOptions & { readonly min?: number; readonly max?: number };

/** A list of objects with their own class. */
export const ListOf = (cls: () => Constructor, { min = 0, max = 1_000, ...options }: Sized = {}): PropertyDecorator =>
  field(options, { type: () => cls(), isArray: true, minItems: min, maxItems: max }, Type(cls), shaped({ list: { min, max }, cls }), ...listRules(min, max, isPlain, 'object', 'باید شیء JSON باشند', 'must be JSON objects'), ValidateNested({ each: true }));

/** A list of UUIDs; in a query separated by commas. */
export const Uuids = ({ min = 0, max = 1_000, ...options }: Sized = {}): PropertyDecorator =>
  field(options, { type: 'string', format: 'uuid', isArray: true, minItems: min, maxItems: max }, inQuery(split), lowered, shaped({ list: { min, max } }),
    ...listRules(min, max, isUuidText, 'uuid', 'باید شناسهٔ UUID باشند', 'must be UUIDs'));

/** A list of texts of up to `length` characters each; in a query separated by commas. */
export const Texts = ({ min = 0, max = 1_000, length = 500, ...options }: Sized & { readonly length?: number } = {}): PropertyDecorator =>
  field(options, { type: 'array', items: { type: 'string', minLength: 1, maxLength: length }, minItems: min, maxItems: max }, inQuery(split), shaped({ list: { min, max } }),
    change((value) => (Array.isArray(value) ? value.map((one: unknown) => (typeof one === 'string' ? persianText(one) : one)) : value)),
    ...listRules(min, max, (one) => typeof one === 'string' && !hasControl(one) && within([...one].length, 1, length), 'text', `باید متن ۱ تا ${length} نویسه‌ای باشند`, `must be texts of 1 to ${length} characters`));

/** Any JSON object, for data that only its owner understands. */
export const Anything = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: 'object', additionalProperties: true }, rule('object', isPlain, ...notAnObject));

const field = ({ optional, description, example }: FieldOptions, shape: ApiPropertyOptions, ...rules: PropertyDecorator[]): PropertyDecorator => {
  const words = { ...(description === undefined ? {} : { description }), ...(example === undefined ? {} : { example }) };
  // null in JSON means "not given", so that inside there is one way to be absent.
  const absent = optional === true ? [IsOptional(), change((value) => value ?? undefined)] : [];
  return applyDecorators(ApiProperty({ ...shape, ...words, required: optional !== true } as ApiPropertyOptions), ...absent, ...rules);
};

/** A rule with its code and its words in both languages. */
const rule = (code: string, holds: (value: unknown) => boolean, fa: string, en: string): PropertyDecorator =>
  ValidateBy({ name: code, validator: { validate: holds, defaultMessage: () => en } }, { context: { fa, en } });

const listRules = (min: number, max: number, holds: (one: unknown) => boolean, code: string, fa: string, en: string): PropertyDecorator[] => [
  rule('list', Array.isArray, 'باید فهرست باشد', 'must be a list'),
  rule('size', (value) => within((value as unknown[]).length, min, max), ...sizeWords(min, max)),
  rule(code, (value) => (value as unknown[]).every(holds), `همهٔ عضوها ${fa}`, `all members ${en}`),
];

const change = (with_: (value: unknown) => unknown): PropertyDecorator => Transform(({ value }: { value: unknown }) => with_(value));
const inQuery = (of: (text: string) => unknown): PropertyDecorator => Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? of(value) : value), { groups: ['query'] });
const lowered = change((value) => (typeof value === 'string' ? value.toLowerCase() : Array.isArray(value) ? value.map((one: unknown) => (typeof one === 'string' ? one.toLowerCase() : one)) : value));
const split = (text: string): string[] => text.split(',').filter((one) => one !== '');

const maxRials = 2n ** 63n - 1n;
const isUuidText = (value: unknown): boolean => typeof value === 'string' && isUuid(value);
const isPlain = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const within = (value: number, min: number, max: number): boolean => value >= min && value <= max;
