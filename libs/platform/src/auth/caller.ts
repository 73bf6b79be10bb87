import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { PartyId } from '@peyvand/kernel';
import type { Locale } from '../http/context.js';
import type { Role } from './roles.js';

/** Who asks, for whom, and how the request is told from its repetition. Plain data: use cases and tests can make one. */
export type Caller = {
  readonly party: PartyId;
  /** The roles of the person in that party. */
  readonly roles: readonly Role[];
  /** The person, as the identity provider names it. Never put it in a fact or a log. */
  readonly subject: string;
  readonly locale: Locale;
  readonly idempotencyKey?: string;
  readonly ifMatch?: string;
  /** Method and pattern, like `POST /api/orders/:id/cancel`, with the ids of this request in `path`. */
  readonly route: string;
  readonly path: string;
  /** What this route answers when the work is done, as its @Replies says. */
  readonly status: number;
  /** SHA-256 of the JSON body, whatever its spacing and order of fields. Empty for streams: their handler sets it. */
  readonly bodyHash: string;
  /** Names this request as the cause of what it writes. */
  readonly command: string;
  readonly correlationid: string;
  readonly traceparent: string;
};

/** On @Public() routes nobody may be signed in: this party owns nothing, so row security shows it nothing. */
export const nobody = '00000000-0000-0000-0000-000000000000' as PartyId;

/** The caller as a parameter of an HTTP handler. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<{ caller?: Caller }>();
  if (caller === undefined) throw new Error('@Caller() on a route that the guard did not see');
  return caller;
});
