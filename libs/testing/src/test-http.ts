import { newId } from '@peyvand/kernel';
import type { FastifyInstance } from 'fastify';
import { refuseUndescribed, type Faults } from './described.js';
import type { Actor, TestKeys } from './test-keys.js';

export type Reply<B = any> = { // eslint-disable-line @typescript-eslint/no-explicit-any -- a test states the fields it expects
  readonly status: number;
  readonly body: B;
  readonly headers: Readonly<Record<string, string | undefined>>;
};

export type CallOptions = {
  /** A fresh one when left out; null sends none. */
  readonly idempotencyKey?: string | null;
  readonly locale?: 'fa' | 'en';
  readonly headers?: Readonly<Record<string, string>>;
};

type Send = (path: string, body?: unknown, options?: CallOptions) => Promise<Reply>;

/** HTTP as one person: through the real server's routing, parsing, sign-in and answers, without a socket. An answer that the API's description does not allow throws. */
export type Person = {
  get(path: string, options?: CallOptions): Promise<Reply>;
  readonly post: Send;
  readonly put: Send;
  readonly patch: Send;
  delete(path: string, options?: CallOptions): Promise<Reply>;
  /** Raw bytes with their content type, such as a CSV upload. */
  upload(path: string, content: string | Buffer, contentType: string, options?: CallOptions): Promise<Reply>;
};

type Server = { readonly fastify: FastifyInstance; readonly keys: TestKeys; readonly faultsOf: Faults };

export const personOf = ({ fastify, keys: { tokenFor }, faultsOf }: Server, actor: Actor | undefined): Person => {
  const token = actor === undefined ? undefined : tokenFor(actor);
  const call = async (method: Method, path: string, payload: { body?: string | Buffer; type?: string }, { idempotencyKey, locale = 'en', headers = {} }: CallOptions = {}): Promise<Reply> => {
    const key = idempotencyKey === undefined && method !== 'GET' ? newId() : idempotencyKey;
    const response = await fastify.inject({
      method, url: path,
      headers: {
        'accept-language': locale,
        ...(token === undefined ? {} : { authorization: `Bearer ${await token}` }),
        ...(typeof key === 'string' ? { 'idempotency-key': key } : {}),
        ...(payload.type === undefined ? {} : { 'content-type': payload.type }),
        ...headers,
      },
      ...(payload.body === undefined ? {} : { payload: payload.body }),
    });
    const type = response.headers['content-type'] as string | undefined;
    const body = type?.includes('json') === true && response.body !== '' ? JSON.parse(response.body) as unknown : response.body;
    refuseUndescribed(faultsOf, { method, path, status: response.statusCode, type, body });
    return { status: response.statusCode, body, headers: response.headers as Reply['headers'] };
  };
  const send = (method: Method): Send => (path, body, options) =>
    call(method, path, body === undefined ? {} : { body: JSON.stringify(body, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)), type: 'application/json' }, options);
  return {
    get: (path, options) => call('GET', path, {}, options),
    post: send('POST'), put: send('PUT'), patch: send('PATCH'),
    delete: (path, options) => call('DELETE', path, {}, options),
    upload: (path, body, type, options) => call('POST', path, { body, type }, options),
  };
};

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
