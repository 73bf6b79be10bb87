import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Answer, nextLink, Page, toJson } from './answer.js';
import { contextOf, inContext, type RequestContext } from './context.js';
import { oneAtATurn } from './one-at-a-turn.js';
import { problem } from './problem-catalogue.js';
import type { Problem } from './problem.js';
import { sendProblem } from './problem-filter.js';
import { mostDepth, tooDeep } from './shape.js';

/** Content types whose body reaches the handler as the raw stream: imports are read row by row and never held in memory. */
const streamed = ['text/csv', 'application/octet-stream'];

export type Answered = { readonly method: string; readonly route: string; readonly status: number; readonly ms: number; readonly request: RequestContext };

/** A problem that is made once, whom it is for, and the headers of this answer. */
export type Refusal = { readonly problem: Problem; readonly party: string; readonly headers: Readonly<Record<string, string>> };

export type HttpServer = {
  readonly adapter: FastifyAdapter;
  readonly fastify: FastifyInstance;
  /** The methods some route takes at that path, for 405 and `Allow`. */
  readonly methodsAt: (path: string) => readonly string[];
};

/** The one way HTTP is served: contexts, stream bodies, answers with their own status, one report per request. */
export const httpServer = ({ bodyLimitBytes, answered, refusalOf }: {
  bodyLimitBytes: number; answered: (one: Answered) => void;
  /** Says why a request is answered before anything else is done for it. */
  refusalOf: (request: FastifyRequest) => Refusal | undefined;
}): HttpServer => {
  const adapter = new Adapter({
    bodyLimit: bodyLimitBytes,
    // A client that trickles its headers or body must not hold a connection for ever.
    requestTimeout: 120_000, connectionTimeout: 0, keepAliveTimeout: 65_000,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => sendProblem(reply, request, problem('bad-request')),
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  const methodsAt = watchRoutes(fastify);
  const lastInLine = oneAtATurn();
  fastify.removeContentTypeParser('text/plain');
  for (const type of streamed) fastify.addContentTypeParser(type, (_request, payload, done) => done(null, payload));
  fastify.setReplySerializer((payload) => toJson(payload));
  fastify.decorateRequest('known', undefined);
  fastify.addHook('onRequest', (request, reply, done) => {
    const known = contextOf(request.headers);
    (request as Known).known = known;
    // A browser must not guess that an uploaded file is a page.
    void reply.headers({ 'x-correlation-id': known.correlationid, 'x-content-type-options': 'nosniff' });
    const refusal = refusalOf(request);
    if (refusal === undefined) return inContext(known, done);
    Object.assign(known, { party: refusal.party, outcome: 'failed', reason: refusal.problem.code });
    lastInLine(() => inContext(known, () => {
      try {
        sendProblem(reply.headers(refusal.headers), request, refusal.problem);
      } catch (error) {
        // At a turn of its own nobody else would hear of it but the process, which would end.
        done(error as Error);
      }
    }));
  });
  // Reading a body leaves the async context; the handlers come after this hook.
  fastify.addHook('preValidation', (request, reply, done) => {
    const { known } = request as Known;
    const go = (): void => (tooDeep(request.body) ? sendProblem(reply, request, problem('validation-failed', { errors: [nestedTooDeep] })) : done());
    if (known === undefined) go();
    else inContext(known, go);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const { known } = request as Known;
    if (known !== undefined) answered({ method: request.method, route: request.routeOptions.url ?? 'unknown', status: reply.statusCode, ms: reply.elapsedTime, request: known });
    done();
  });
  return { adapter, fastify, methodsAt };
};

const nestedTooDeep = { path: '', code: 'depth', fa: `نباید بیش از ${mostDepth} لایه تو در تو باشد`, en: `must not be nested more than ${mostDepth} levels deep` };

type Known = FastifyRequest & { known?: RequestContext };

/** Nest fixes a route's status when it is declared; an `Answer` brings its own. */
class Adapter extends FastifyAdapter {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the signature is Nest's
  override reply(response: any, body: unknown, statusCode?: number): any {
    const reply = response as FastifyReply;
    if (body instanceof Page) {
      if (body.next !== undefined) void reply.header('link', nextLink(reply.request.url, body.next));
      return super.reply(response, { items: body.items, ...(body.next === undefined ? {} : { next: body.next }) }, statusCode);
    }
    if (!(body instanceof Answer)) return super.reply(response, body, statusCode);
    for (const [name, value] of Object.entries(body.more.headers ?? {})) void reply.header(name, value);
    return super.reply(response, body.body, body.more.status ?? statusCode);
  }
}

const watchRoutes = (fastify: FastifyInstance): HttpServer['methodsAt'] => {
  const routes: { method: string; pattern: RegExp }[] = [];
  fastify.addHook('onRoute', ({ method, url }) => {
    const pattern = new RegExp(`^${url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('/')}/?$`);
    for (const one of [method].flat()) routes.push({ method: one, pattern });
  });
  return (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort();
};
