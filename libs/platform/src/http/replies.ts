import { applyDecorators, HttpCode, SetMetadata, type StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import type { Answer, Page } from './answer.js';
import type { CatalogueCode } from './problem-catalogue.js';
import type { RefusalTable } from './refusals.js';

/** What a handler returns where a reply is described by this schema. */
export type ReplyOf<S extends z.ZodType> = Returnable<z.input<S>>;
type Returnable<T> = T extends readonly (infer I)[] ? readonly Returnable<I>[] : T extends object ? { readonly [K in keyof T]: Returnable<T[K]> } : T;

/** A body of some media type; `returned` only tells the compiler what the handler returns for it. */
export type Body<T> = { readonly media: string; readonly schema?: z.ZodType; readonly page?: true; readonly returned?: () => T };

type Described = z.ZodType | Body<unknown>;
type ReturnedFor<D> = D extends readonly (infer One)[] ? ReturnedFor<One> : D extends z.ZodType ? ReplyOf<D> : D extends Body<infer T> ? T : never;

const json = 'application/json';

/** A page of a list, as `page` makes it. */
export const pageOf = <S extends z.ZodType>(item: S): Body<Page<ReplyOf<S>>> => ({
  media: json, page: true,
  schema: z.object({ items: z.array(item), next: z.string().optional().describe('The cursor of the next page; absent on the last') }),
});

/** Text of another media type, such as CSV. */
export const fileOf = (media: string): Body<string | StreamableFile> => ({ media, schema: z.string() });

/** What the handler writes to the connection by itself: nobody but a spec can see that the schema is true. */
export const writtenByHand = (media: string, schema: z.ZodType): Body<void> => ({ media, schema });

/** No content: status 204. */
export const nothing: Body<undefined | void> = { media: '' };

export type ReplyOptions<K extends string> = {
  /** The status of an answer that names none; 201 for POST, 204 for no content and 200 else when left out. Further ones are those it also answers. */
  readonly status?: number | readonly [number, ...number[]];
  /** The table given to `write`. */
  readonly refusals?: RefusalTable<K>;
  /** Problems of the catalogue that not every route of its kind answers. */
  readonly problems?: readonly CatalogueCode[];
  /** The answer bears the version that a change may name. */
  readonly etag?: true;
  /** `If-Match` is heeded: 412 when it names another version. */
  readonly ifMatch?: true;
};

export type ReplyShape = Omit<ReplyOptions<string>, 'status'> & { readonly bodies: readonly Body<unknown>[]; readonly status: readonly number[] };

type Returns<D, K extends string> = ReturnedFor<D> | Answer<ReturnedFor<D>, K>;

/** Fields that a handler returns and its description lacks, at any depth. */
type Undescribed<T, D> = unknown extends D ? never
  : T extends Scalar ? never
  : T extends Answer<infer B, string> ? Undescribed<B, D>
  : T extends readonly (infer I)[] ? Undescribed<I, D extends readonly (infer J)[] ? J : never>
  : T extends object ? { [P in keyof T]-?: [NonNullable<T[P]>] extends [never] ? never : P extends FieldsOf<D> ? Undescribed<NonNullable<T[P]>, FieldOf<D, P>> : P }[keyof T]
  : never;
type Scalar = string | number | bigint | boolean | null | undefined | void | StreamableFile;
type FieldsOf<D> = D extends unknown ? keyof D : never;
type FieldOf<D, P> = D extends unknown ? (P extends keyof D ? D[P] : never) : never;

/** A handler that returns R; one with undescribed fields does not fit, and the message of the compiler names them. */
type Route<R, D> = { readonly value?: (...given: never[]) => R | Promise<R> } & ([Undescribed<R, ReturnedFor<D>>] extends [never] ? unknown : { readonly undescribed: Undescribed<R, ReturnedFor<D>> });

const key = 'peyvand:replies';

/**
 * What a route answers: a schema, a page of it, or several bodies where the client chooses by `Accept`. A handler that returns something
 * else, or refuses what its table lacks, does not compile; a route that says nothing does not start.
 */
export const Replies = <const D extends Described | readonly Described[], K extends string = never>(described: D, { status, ...options }: ReplyOptions<K> = {}) => {
  const bodies = [described as Described | readonly Described[]].flat().map((one): Body<unknown> => ('media' in one ? one : { media: json, schema: one }));
  const shape: ReplyShape = { ...options, bodies, status: status === undefined ? [] : [status].flat() };
  return <R extends Returns<D, K>>(target: object, name: string | symbol, route: Route<R, D>): void =>
    applyDecorators(SetMetadata(key, shape), ...(shape.status[0] === undefined ? [] : [HttpCode(shape.status[0])]))(target, name, route as PropertyDescriptor);
};

export const repliesOf = (handler: object): ReplyShape | undefined => Reflect.getMetadata(key, handler) as ReplyShape | undefined;

/** The status of an answer that names none. */
export const successOf = (handler: object, method: string): number => repliesOf(handler)?.status[0] ?? (method === 'POST' ? 201 : 200);
