import type { Source } from '@peyvand/messaging';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

export type SigningKey = { readonly kid: string; readonly jwk: JWK };

/** The demo issuer's key (ES256), made at first use and kept: a restart, or a second process, signs with the same one. */
export const signingKey = async (source: Source): Promise<SigningKey> => {
  const known = await find(source);
  if (known !== undefined) return known;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  await source.pool.query('insert into signing_key (kid, jwk) values ($1, $2) on conflict (one) do nothing', [`demo-${Date.now().toString(36)}`, JSON.stringify(jwk)]);
  const kept = await find(source);
  if (kept === undefined) throw new Error('The signing key was stored and is not there');
  return kept;
};

const find = async (source: Source): Promise<SigningKey | undefined> => (await source.pool.query<SigningKey>('select kid, jwk from signing_key')).rows[0];
