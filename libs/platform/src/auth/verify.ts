import { isUuid, type PartyId } from '@peyvand/kernel';
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { problem, type CatalogueCode } from '../http/problem-catalogue.js';
import { roles, type Role } from './roles.js';

/** Where the keys of the issuer come from; a set in the process in tests and the all-in-one. */
export type Keys = JWTVerifyGetKey;

export type Membership = { readonly party: PartyId; readonly roles: readonly Role[] };
export type Person = { readonly subject: string; readonly memberships: readonly Membership[] };

export type Verify = (authorization: string | undefined) => Promise<Person>;

/** Keys of a JWKS address: cached ten minutes, asked again at most every thirty seconds for an unknown kid. Throws `KeysUnavailable` when it does not answer. */
export const remoteKeys = (url: string): Keys => {
  const keys = createRemoteJWKSet(new URL(url), { cacheMaxAge: 600_000, cooldownDuration: 30_000, timeoutDuration: 5_000 });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JOSEError && aboutTheToken.has(error.code)) throw error;
      throw new KeysUnavailable(error);
    }
  };
};

/** The issuer is away: that says nothing about the token. */
class KeysUnavailable extends Error {
  constructor(cause: unknown) {
    super('The keys of the issuer cannot be fetched', { cause });
  }
}

const aboutTheToken = new Set(['ERR_JWKS_NO_MATCHING_KEY', 'ERR_JWKS_MULTIPLE_MATCHING_KEYS', 'ERR_JOSE_NOT_SUPPORTED', 'ERR_JWS_INVALID']);

// Signatures by the issuer's private key only: with `none` anybody signs, with HS256 anybody who knows the public key does.
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];

/** Checks bearer tokens (OIDC, RFC 9068). Throws a 401 problem that says what is wrong with one. */
export const verifier = ({ keys, issuer, audience }: { keys: Keys; issuer: string; audience: string }): Verify => async (authorization) => {
  if (authorization === undefined) throw unauthorised('token-missing');
  const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw unauthorised('token-invalid');
  try {
    const { payload } = await jwtVerify(token, keys, { algorithms, issuer, audience, requiredClaims: ['exp', 'sub'], clockTolerance: 5 });
    const { sub, memberships } = claims.parse(payload);
    return { subject: sub, memberships: merged(memberships) };
  } catch (error) {
    if (error instanceof KeysUnavailable) throw problem('identity-unavailable', { cause: error, headers: { 'retry-after': '5' } });
    throw unauthorised(codeOf(error), error);
  }
};

const claims = z.object({
  sub: z.string().min(1).max(255),
  memberships: z.array(z.object({
    party: z.string().refine(isUuid).transform((text) => text.toLowerCase() as PartyId),
    // A role this version does not know gives no right and breaks nothing.
    roles: z.array(z.string()).transform((names) => names.filter((name): name is Role => (roles as readonly string[]).includes(name))),
  })).max(200).default([]),
});

const merged = (memberships: readonly Membership[]): Membership[] => {
  const byParty = new Map<PartyId, Set<Role>>();
  for (const { party, roles: held } of memberships) byParty.set(party, new Set([...(byParty.get(party) ?? []), ...held]));
  return [...byParty].map(([party, held]) => ({ party, roles: [...held] }));
};

const codeOf = (error: unknown): CatalogueCode => {
  if (error instanceof errors.JWTExpired) return 'token-expired';
  if (error instanceof errors.JWTClaimValidationFailed && error.reason === 'check_failed') {
    if (error.claim === 'aud') return 'token-audience-wrong';
    if (error.claim === 'iss') return 'token-issuer-wrong';
    if (error.claim === 'nbf') return 'token-not-yet-valid';
  }
  return 'token-invalid';
};

const unauthorised = (code: CatalogueCode, cause?: unknown) => problem(code, {
  cause, headers: { 'www-authenticate': code === 'token-missing' ? 'Bearer realm="peyvand"' : `Bearer realm="peyvand", error="invalid_token", error_description="${code}"` },
});
