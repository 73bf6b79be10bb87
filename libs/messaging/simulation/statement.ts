import { listOf } from './literal.js';
import type { Fields, View } from './rows.js';

/** What a statement text does to the tables: rows of a SELECT or RETURNING, or how many were affected. */
export type Statement = (view: View, values: readonly unknown[]) => Fields[] | number;

export const text = (value: unknown): string => String(value);
export const texts = (value: unknown): string[] => listOf(value).map(String);
export const later = (view: View, ms: unknown): number => view.now + Number(ms);
export const dateOf = (ms: unknown): Date | null => (ms === null || ms === undefined ? null : new Date(ms as number));
export const by = (...names: string[]) => (a: { fields: Fields }, b: { fields: Fields }): number => {
  for (const name of names) {
    const [x, y] = [a.fields[name] as number | string, b.fields[name] as number | string];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
};
