import { randomUUID } from 'node:crypto';
import { bodyOf } from './bodies.js';
import { count, type Report, type Route, type Stage } from './matrix.js';

/** What nobody sends who means well: in each field's place, whatever its type is. */
const odd: readonly unknown[] = [
  null, 0, -1, 1.5, 2 ** 31, Number.MAX_SAFE_INTEGER, 1e308, true, '', ' ', '\u0000', '\ud800', 'a'.repeat(3_000), 'a'.repeat(200), '🧦'.repeat(110), '۱۲۳', "'; drop table orders; --", '../../etc/passwd', '%00', '-1', '00', '9223372036854775807', '9223372036854775808', '1e5',
  '2026-02-30', '0001-01-01', '9999-12-31', '2026-03-21T25:00:00Z', '9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z', '00000000-0000-0000-0000-000000000000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', [], [null], [[]], {}, { $ne: 1 }, Array.from({ length: 60 }, () => randomUUID()),
];

type Attempt = { readonly query?: string; readonly body?: unknown; readonly what: string };

/**
 * Odd values in every place of every body and every query, one at a time, to whoever may call the route: each is answered, as whatever it is,
 * but never as a failure of ours. Answers those that were. `most` bounds how many are sent; they are taken evenly from all there are.
 */
export const sendOddValues = async (stage: Stage, report: Report, most: number): Promise<string[]> => {
  const all = stage.routes.filter(({ roles }) => roles.length > 0).flatMap((route) => attemptsOn(stage, route).map((attempt) => [route, attempt] as const));
  const wrong: string[] = [];
  for (let n = 0; n < all.length; n += Math.max(1, all.length / most)) {
    const [route, { query = '', body, what }] = all[Math.floor(n)] as (typeof all)[number];
    const user = stage.users.find(({ roles }) => roles.some((role) => route.roles.includes(role)));
    if (user === undefined) continue;
    const answer = await stage.ask(user, { ...route, path: `${route.path}${query}` }, {}, body);
    count(report, answer);
    if (answer.status >= 500) wrong.push(`${route.method} ${route.path} with ${what}: ${answer.status} ${answer.body.slice(0, 200)}`);
  }
  return wrong;
};

const attemptsOn = ({ api }: Stage, { operation }: Route): Attempt[] => {
  const schema = operation.requestBody?.content['application/json']?.schema;
  const body = schema === undefined ? undefined : bodyOf(schema, api.components.schemas, true);
  const queries = (operation.parameters ?? []).filter((one) => one.in === 'query').flatMap(({ name }) => odd.map((value): Attempt => {
    const text = typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '?') : JSON.stringify(value);
    return { query: `?${name}=${encodeURIComponent(text)}`, body, what: `?${name}=${text.slice(0, 40)}` };
  }));
  const bodies = placesIn(body).flatMap((place) => odd.map((value): Attempt => ({ body: put(body, place, value), what: `${place.join('.')} = ${JSON.stringify(value).slice(0, 40)}` })));
  return [...queries, ...bodies];
};

type Place = readonly (string | number)[];

/** Every place inside a value. */
const placesIn = (value: unknown): Place[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Array.isArray(value) ? value.map((one, at) => [at, one] as const) : Object.entries(value);
  return inside.flatMap(([at, one]) => [[at], ...placesIn(one).map((place) => [at, ...place])]);
};

const put = (value: unknown, [at, ...rest]: Place, instead: unknown): unknown => {
  if (at === undefined) return instead;
  if (Array.isArray(value)) return value.map((one: unknown, n) => (n === at ? put(one, rest, instead) : one));
  return { ...(value as object), [at]: put((value as Record<string, unknown>)[at], rest, instead) };
};
