import { createHash } from 'node:crypto';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { currentRequest } from '../http/context.js';
import { problem } from '../http/problem-catalogue.js';
import { canonical } from '../http/canonical.js';
import type { Refusal } from '../http/server.js';
import { rateLimitFields, rateLimits, type Allowance, type RateLimit, type RateLimits } from '../http/rate-limit.js';
import { repliesOf, successOf } from '../http/replies.js';
import { nobody, type Caller } from './caller.js';
import { accessOf, type Role } from './roles.js';
import type { Membership, Person, Verify } from './verify.js';

/** Lets a request in as its route declares, and leaves the caller on it for @Caller(). */
export class AccessGuard implements CanActivate {
  private readonly limits: RateLimits;
  /** Whose credentials these were when they were last believed. */
  private readonly seen = new Map<string, Membership>();

  constructor(private readonly verify: Verify, private readonly limit: RateLimit) {
    this.limits = rateLimits(limit);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & { caller?: Caller }>();
    const access = accessOf(context.getClass(), context.getHandler());
    if (access === undefined) throw new Error(`${request.routeOptions.url ?? request.url} declares neither @Allow nor @Public`);
    const status = successOf(context.getHandler(), request.method);
    if (access.public) {
      request.caller = callerOf(request, status, { subject: '', memberships: [] }, { party: nobody, roles: [] });
      return true;
    }
    const person = await this.verify(request.headers.authorization);
    const membership = chosen(person, header(request, 'peyvand-party'));
    const known = currentRequest();
    if (known !== undefined) known.party = membership.party;
    this.keepWithinLimits(membership, context, request);
    if (!access.roles.some((role) => membership.roles.includes(role))) throw forbidden(access.roles);
    request.caller = callerOf(request, status, person, membership);
    return true;
  }

  /**
   * Refuses a party that is beyond its limits before its token is checked and its body read, so that a flood costs others little; called as
   * the first of Fastify's hooks. It lets nobody in: whoever passes is verified and counted by `canActivate`.
   */
  refusalOf(request: FastifyRequest): Refusal | undefined {
    const membership = this.seen.get(credentialsOf(request));
    if (membership === undefined || !this.isLimited(membership)) return undefined;
    const allowance = this.limits.look(membership.party);
    return allowance.ok ? undefined : { problem: tooMany, party: membership.party, headers: this.waitFields(allowance) };
  }

  /** Before anything is asked of the database. Whoever runs the place is not limited. */
  private keepWithinLimits(membership: Membership, context: ExecutionContext, request: FastifyRequest): void {
    if (!this.isLimited(membership)) return;
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const { party } = membership;
    if (this.seen.size >= mostSeen) this.seen.clear();
    this.seen.set(credentialsOf(request), membership);
    const allowance = this.limits.enter(party);
    if (!allowance.ok) throw problem('too-many-requests', { headers: this.waitFields(allowance) });
    // A stream is one request when it begins and goes on for hours; how many may be open is limited where it is served. Nor is one under way whose client hung up before.
    if (streams(context.getHandler(), request) || reply.raw.destroyed) this.limits.leave(party);
    else reply.raw.once('close', () => this.limits.leave(party));
    void reply.headers(rateLimitFields(this.limit, allowance));
  }

  private isLimited({ roles }: Membership): boolean {
    return this.limit.perSecond > 0 && !roles.includes('operator');
  }

  private waitFields(allowance: Allowance): Record<string, string> {
    return { ...rateLimitFields(this.limit, allowance), 'retry-after': String(Math.max(1, Math.ceil(allowance.waitMs / 1_000))) };
  }
}

/** Made once: an Error costs a stack, and a flood would have thousands made. */
const tooMany = problem('too-many-requests');

/** Credentials remembered at most; beyond that all are forgotten, and verified anew. */
const mostSeen = 10_000;

const credentialsOf = (request: FastifyRequest): string => `${request.headers.authorization ?? ''}\n${header(request, 'peyvand-party') ?? ''}`;

const eventStream = 'text/event-stream';

/** Whether the route can answer with a stream, and is asked to. */
const streams = (handler: object, { headers }: FastifyRequest): boolean =>
  String(headers.accept ?? '').includes(eventStream) && (repliesOf(handler)?.bodies ?? []).some(({ media }) => media === eventStream);

const forbidden = (needed: readonly Role[]) => problem('role-not-allowed', { details: { needed: needed.join(', ') } });

/** The membership a person acts in: the one named by the header, or the only one. */
const chosen = ({ memberships }: Person, named: string | undefined): Membership => {
  if (named !== undefined) {
    const member = memberships.find(({ party }) => party === named.toLowerCase());
    if (member === undefined) throw problem('not-a-member');
    return member;
  }
  const [only, ...others] = memberships;
  if (only === undefined) throw problem('not-a-member');
  if (others.length > 0) throw problem('party-required', { details: { parties: memberships.map(({ party }) => party) } });
  return only;
};

const callerOf = (request: FastifyRequest, status: number, { subject }: Person, { party, roles }: Membership): Caller => {
  const key = header(request, 'idempotency-key');
  const ifMatch = header(request, 'if-match');
  const { command = '', correlationid = '', traceparent = '', locale = 'fa' } = currentRequest() ?? {};
  return {
    party, roles, subject, locale, command, correlationid, traceparent, status,
    ...(key === undefined ? {} : { idempotencyKey: key }),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    route: `${request.method} ${request.routeOptions.url ?? ''}`,
    path: `${request.method} ${request.url}`,
    bodyHash: request.method === 'GET' || isStream(request.body) ? '' : createHash('sha256').update(canonical(request.body ?? null)).digest('base64url'),
  };
};

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const isStream = (body: unknown): boolean => typeof (body as { pipe?: unknown } | null)?.pipe === 'function';
