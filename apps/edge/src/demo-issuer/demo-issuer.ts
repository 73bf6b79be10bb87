import { Injectable } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Running } from '@peyvand/platform';
import { importJWK, SignJWT, type JWK } from 'jose';
import { signingKey, type SigningKey } from '../store/signing-key.store.js';
import type { DemoUser } from './users.js';

/** Wall seconds; tokens live in wall time while the demo's business clock runs. */
export const tokenSeconds = 8 * 3_600;

/** Signs tokens for demo users without asking for a password: only ever with DEMO=true. */
@Injectable()
export class DemoIssuer {
  private key: Promise<SigningKey> | undefined;

  constructor(private readonly source: Source, private readonly running: Running) {}

  get enabled(): boolean {
    return this.running.config.demo;
  }

  async tokenFor({ subject, party, roles, name }: DemoUser): Promise<string> {
    const { kid, jwk } = await this.signingKey();
    const { issuer, audience } = this.running.config.oidc;
    return new SignJWT({ memberships: [{ party: party.id, roles }], name: name.en })
      .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' }).setIssuer(issuer).setAudience(audience).setSubject(subject)
      .setIssuedAt().setExpirationTime(`${tokenSeconds}s`).sign(await importJWK(jwk, 'ES256'));
  }

  /** The public half, for /api/auth/jwks.json. */
  async publicKey(): Promise<JWK> {
    const { kid, jwk: { kty, crv, x, y } } = await this.signingKey();
    return { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' } as JWK;
  }

  // A failed look is not remembered: the next request looks again.
  private signingKey(): Promise<SigningKey> {
    if (!this.enabled) throw new Error('The demo issuer signs nothing unless DEMO=true');
    return (this.key ??= signingKey(this.source).catch((error: unknown) => {
      this.key = undefined;
      throw error;
    }));
  }
}
