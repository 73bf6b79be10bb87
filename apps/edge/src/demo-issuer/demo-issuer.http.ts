import { Body, Controller, Get, Post, Req } from '@nestjs/common';
import { Answer, Problem, problem, Public, refusalTable, Replies, reply, Running, Text } from '@peyvand/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DemoIssuer, tokenSeconds } from './demo-issuer.js';
import { demoUsers } from './users.js';

export class TokenBody {
  @Text({ max: 100, description: 'A demo user, from GET /api/auth/users', example: 'narvan.buyer' }) user: string;
}

const refusals = refusalTable({
  'demo-user-unknown': [404, 'کاربر نمایشی {user} نداریم. فهرست را در /api/auth/users ببینید.', 'There is no demo user {user}. See the list at /api/auth/users.'],
});

const Token = z.object({ access_token: reply.text, token_type: z.literal('Bearer'), expires_in: reply.whole.describe('Seconds') });

const Users = z.object({
  items: z.array(z.object({ user: reply.text, name: reply.bilingual, party: z.object({ id: reply.uuid, kind: reply.text, name: reply.bilingual }), roles: z.array(reply.text) })),
});

/** An identity provider for demonstrations. Without DEMO=true these addresses do not exist. */
@Controller()
@Public()
export class DemoIssuerHttp {
  constructor(private readonly issuer: DemoIssuer, private readonly running: Running) {}

  @Post('api/auth/token')
  @Replies(Token, { status: 200, refusals })
  async token(@Body() { user }: TokenBody) {
    this.onlyInDemo();
    const found = demoUsers.find((one) => one.user === user);
    if (found === undefined) throw new Problem('demo-user-unknown', refusals['demo-user-unknown'], { details: { user } });
    return new Answer({ access_token: await this.issuer.tokenFor(found), token_type: 'Bearer' as const, expires_in: tokenSeconds }, { headers: { 'cache-control': 'no-store' } });
  }

  @Get('api/auth/users')
  @Replies(Users)
  users() {
    this.onlyInDemo();
    return { items: demoUsers.map(({ user, name, party: { id, kind, name: partyName }, roles }) => ({ user, name, party: { id, kind, name: partyName }, roles })) };
  }

  @Get('api/auth/jwks.json')
  @Replies(z.object({ keys: z.array(reply.anything).describe('RFC 7517') }))
  async keys() {
    this.onlyInDemo();
    return { keys: [await this.issuer.publicKey()] };
  }

  @Get('.well-known/openid-configuration')
  @Replies(reply.anything)
  discovery(@Req() request: FastifyRequest) {
    this.onlyInDemo();
    const base = `${request.protocol}://${request.host}`;
    return {
      issuer: this.running.config.oidc.issuer, jwks_uri: `${base}/api/auth/jwks.json`, token_endpoint: `${base}/api/auth/token`,
      response_types_supported: ['token'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['ES256'], claims_supported: ['sub', 'memberships', 'name'],
    };
  }

  private onlyInDemo(): void {
    if (!this.issuer.enabled) throw problem('route-not-found');
  }
}
