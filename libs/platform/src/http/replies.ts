import { applyDecorators, SetMetadata, type Type } from '@nestjs/common';
import { ApiExtraModels } from '@nestjs/swagger';

export type ReplyShape = { readonly cls: Type; readonly as: 'one' | 'page'; readonly status?: number };

const key = 'peyvand:replies';

/** Tells the OpenAPI document what a route answers: one object of a class (its fields decorated like a body's), or a page of them. */
export const Replies = (cls: Type, { as = 'one', status }: { as?: ReplyShape['as']; status?: number } = {}): MethodDecorator =>
  applyDecorators(ApiExtraModels(cls), SetMetadata(key, { cls, as, ...(status === undefined ? {} : { status }) } satisfies ReplyShape));

export const repliesOf = (handler: object): ReplyShape | undefined => Reflect.getMetadata(key, handler) as ReplyShape | undefined;

/** The JSON Schema of the reply's body. */
export const schemaOf = ({ cls, as }: ReplyShape): Record<string, unknown> => {
  const one = { $ref: `#/components/schemas/${cls.name}` };
  if (as === 'one') return one;
  return { type: 'object', required: ['items'], properties: { items: { type: 'array', items: one }, next: { type: 'string', description: 'The cursor of the next page; absent on the last' } } };
};
