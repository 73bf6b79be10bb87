import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { currentRequest, localeOf } from './context.js';
import { databaseProblem } from './database-problem.js';
import { problem, type CatalogueCode } from './problem-catalogue.js';
import { Problem, problemBody } from './problem.js';

type Report = (error: unknown) => void;

/** Every error of an HTTP request leaves as problem+json (RFC 9457), in the caller's language; what was not foreseen is logged and told as 500 without its cause. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly report: Report, private readonly methodsAt: (path: string) => readonly string[]) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const [request, reply] = [host.switchToHttp().getRequest<FastifyRequest>(), host.switchToHttp().getResponse<FastifyReply>()];
    const answer = this.problemFor(error, request);
    // A database that is away or busy is told by its own log, probe and metrics, and not once more by every request.
    if (answer.entry[0] === 500) this.report(error);
    const known = currentRequest();
    if (known !== undefined) Object.assign(known, { outcome: known.outcome ?? 'failed', reason: known.reason ?? answer.code });
    sendProblem(reply, request, answer);
  }

  private problemFor(error: unknown, request: FastifyRequest): Problem {
    if (error instanceof Problem) return error;
    const known = databaseProblem(error);
    if (known !== undefined) return known;
    const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
    if (status === 404) {
      const allowed = this.methodsAt(pathOf(request));
      if (allowed.length > 0 && !allowed.includes(request.method)) return problem('method-not-allowed', { headers: { allow: allowed.join(', ') }, details: { allowed: allowed.join(', ') } });
      return problem('route-not-found');
    }
    const code = byStatus[status];
    return code === undefined ? problem('internal-error') : problem(code, { cause: error });
  }
}

/** Sends a problem; also for errors that never reach Nest. */
export const sendProblem = (reply: FastifyReply, request: FastifyRequest, answer: Problem): void => {
  const context = currentRequest();
  const locale = context?.locale ?? localeOf(request.headers['accept-language']);
  const body = { ...problemBody(answer, locale, pathOf(request)), correlationid: context?.correlationid };
  void reply.status(answer.entry[0]).headers({
    ...answer.more.headers, 'content-language': locale, vary: 'accept-language', 'content-type': 'application/problem+json; charset=utf-8',
  }).send(JSON.stringify(body, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)));
};

const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? '/';

/** The status of an error of Fastify itself, which carries its own; 500 for anything else. */
const statusOf = (error: unknown): number => {
  const { statusCode, code } = (error ?? {}) as { statusCode?: unknown; code?: unknown };
  return typeof statusCode === 'number' && typeof code === 'string' && code.startsWith('FST_') ? statusCode : 500;
};

const byStatus: Readonly<Record<number, CatalogueCode>> = {
  400: 'malformed-json', 401: 'token-missing', 403: 'role-not-allowed', 405: 'method-not-allowed', 412: 'version-mismatch',
  413: 'body-too-large', 414: 'bad-request', 415: 'media-type-not-supported', 429: 'too-many-requests', 503: 'busy',
};
