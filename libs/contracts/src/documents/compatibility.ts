import type { Json } from './json-schema.js';

const annotations = new Set(['title', 'description', 'examples', 'default', '$id', '$schema', '$comment']);

/**
 * What a newer schema of the same version breaks for those who know the older one, each with its path; empty when it only adds optional
 * fields. A new word in an enum is a break too: whoever switches over it has no case for it.
 */
export const incompatibilities = (older: Json, newer: Json, path = ''): string[] => [
  ...properties(older, newer, path),
  ...required(older, newer, path),
  ...[...new Set([...Object.keys(older), ...Object.keys(newer)])]
    .filter((keyword) => !annotations.has(keyword) && !keyword.startsWith('x-') && keyword !== 'properties' && keyword !== 'required')
    .flatMap((keyword) => differences(older[keyword], newer[keyword], `${path}/${keyword}`)),
];

const properties = (older: Json, newer: Json, path: string): string[] => {
  const [before, after] = [part(older, 'properties'), part(newer, 'properties')];
  return Object.entries(before).flatMap(([field, schema]) =>
    (after[field] === undefined ? [`${path}/${field}: was removed`] : incompatibilities(schema as Json, after[field] as Json, `${path}/${field}`)));
};

const required = (older: Json, newer: Json, path: string): string[] => {
  const [before, after] = [list(older['required']), list(newer['required'])];
  return [
    ...after.filter((field) => !before.includes(field)).map((field) => `${path}/${field}: is required now`),
    ...before.filter((field) => !after.includes(field)).map((field) => `${path}/${field}: is no longer always there`),
  ];
};

const differences = (older: unknown, newer: unknown, path: string): string[] => {
  if (isSchema(older) && isSchema(newer)) return incompatibilities(older, newer, path);
  if (Array.isArray(older) && Array.isArray(newer) && older.length === newer.length) return older.flatMap((one: unknown, i) => differences(one, newer[i], `${path}/${i}`));
  return JSON.stringify(older) === JSON.stringify(newer) ? [] : [`${path}: ${JSON.stringify(older) ?? 'nothing'} became ${JSON.stringify(newer) ?? 'nothing'}`];
};

const isSchema = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const part = (schema: Json, keyword: string): Json => (isSchema(schema[keyword]) ? schema[keyword] : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
