import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { Answer, problem, Problem, Public, Running, Text } from '@peyvand/platform';
import type { FastifyRequest } from 'fastify';
import { DemoIssuer, tokenSeconds } from './demo-issuer.js';
import { demoUsers } from './users.js';

export class TokenBody {
  @Text({ max: 100, description: 'A demo user, from GET /api/auth/users', example: 'narvan.buyer' }) user: string;
}

/** An identity provider for demonstrations. Without DEMO=true these addresses do not exist. */
@Controller()
@Public()
export class DemoIssuerHttp {
  constructor(private readonly issuer: DemoIssuer, private readonly running: Running) {}

  @Post('api/auth/token')
  @HttpCode(200)
  async token(@Body() { user }: TokenBody): Promise<Answer> {
    this.onlyInDemo();
    const found = demoUsers.find((one) => one.user === user);
    if (found === undefined) {
      throw new Problem('demo-user-unknown', [404, 'کاربر نمایشی {user} نداریم. فهرست را در /api/auth/users ببینید.', 'There is no demo user {user}. See the list at /api/auth/users.'], { details: { user } });
    }
    return new Answer({ access_token: await this.issuer.tokenFor(found), token_type: 'Bearer', expires_in: tokenSeconds }, { headers: { 'cache-control': 'no-store' } });
  }

  @Get('api/auth/users')
  users() {
    this.onlyInDemo();
    return { items: demoUsers.map(({ user, name, party: { id, kind, name: partyName }, roles }) => ({ user, name, party: { id, kind, name: partyName }, roles })) };
  }

  @Get('api/auth/jwks.json')
  async keys() {
    this.onlyInDemo();
    return { keys: [await this.issuer.publicKey()] };
  }

  @Get('.well-known/openid-configuration')
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
