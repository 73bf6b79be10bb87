import { newId, type PartyId } from '@peyvand/kernel';
import type { Keys, Role } from '@peyvand/platform';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

export const issuer = 'https://issuer.test';
export const audience = 'peyvand';

/** Who a test speaks as. `party` and `roles` for the usual one membership, or `memberships` for several. */
export type Actor = {
  readonly party?: string;
  readonly roles?: readonly Role[];
  readonly memberships?: readonly { readonly party: string; readonly roles: readonly string[] }[];
  readonly subject?: string;
};

export type TestKeys = {
  readonly keys: Keys;
  /** A token for the actor; claims of the second parameter win, for tests of bad tokens. */
  readonly tokenFor: (actor: Actor, claims?: JWTPayload, header?: { alg?: string; kid?: string }) => Promise<string>;
};

let made: Promise<TestKeys> | undefined;

/** The key of a spec file's own issuer; made once, because making keys is slow. */
export const testKeys = (): Promise<TestKeys> => (made ??= makeKeys());

const makeKeys = async (): Promise<TestKeys> => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' };
  return {
    keys: createLocalJWKSet({ keys: [jwk] }),
    tokenFor: async ({ party, roles = [], memberships, subject = newId() }, claims = {}, header = {}) => {
      const seats = memberships ?? (party === undefined ? [] : [{ party, roles }]);
      const now = Math.floor(Date.now() / 1_000);
      return new SignJWT({ iss: issuer, aud: audience, sub: subject, iat: now, exp: now + 3_600, memberships: seats, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'test', ...header }).sign(privateKey);
    },
  };
};

/** A fresh party id. */
export const aParty = (): PartyId => newId() as PartyId;

