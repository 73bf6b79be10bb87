import { z } from 'zod';
import { problem } from './problem-catalogue.js';

/** A reply with its own status or headers; anything else a handler returns is sent as it is. `K` are the refusals that may come instead of it. */
export class Answer<T = unknown, K extends string = never> {
  declare readonly refusals?: K;
  constructor(readonly body: T, readonly more: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {}) {}
}

/** One page of a list. The `Link` header is made from the request's own address. */
export class Page<T = unknown> {
  constructor(readonly items: readonly T[], readonly next?: string) {}
}

/** A list's page: body `{items, next?}` and `Link: <…>; rel="next"`. `next` is a cursor made with `cursorOf`. */
export const page = <T>(items: readonly T[], next?: string): Page<T> => new Page(items, next);

/** An opaque cursor over the values the list is sorted by. */
export const cursorOf = (values: readonly (string | number)[]): string => Buffer.from(JSON.stringify(values)).toString('base64url');

/** The values of a cursor. Throws the problem cursor-invalid when they do not fit. */
export const valuesOf = <T extends z.ZodType>(cursor: string, shape: T): z.infer<T> => {
  try {
    const text = Buffer.from(cursor, 'base64url').toString('utf8');
    if (text.includes('\\u0000')) throw new Error('NUL in a cursor');
    return shape.parse(JSON.parse(text));
  } catch (cause) {
    throw problem('cursor-invalid', { cause });
  }
};

/** The reply with the version a later change must name in `If-Match`. */
export const withETag = <T>(version: number | string, body: T): Answer<T> => new Answer(body, { headers: { etag: `"${version}"` } });

/** The version in `If-Match`. Throws 428 when it is missing and 412 when it is not one of ours. */
export const expectedVersion = (caller: { readonly ifMatch?: string }): number => {
  if (caller.ifMatch === undefined) throw problem('precondition-required');
  const [, version] = /^"(\d{1,15})"$/.exec(caller.ifMatch.trim()) ?? [];
  if (version === undefined) throw problem('version-mismatch');
  return Number(version);
};

/** `Link` to the next page: the same address with another cursor. */
export const nextLink = (url: string, next: string): string => {
  const address = new URL(url, 'http://any');
  address.searchParams.set('cursor', next);
  return `<${address.pathname}${address.search}>; rel="next"`;
};

/** JSON with bigints as strings: money is bigint inside and a string of rials outside. */
export const toJson = (value: unknown): string => JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));
