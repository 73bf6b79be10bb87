import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign, verify, type KeyObject } from 'node:crypto';

/** What is said of a batch of facts once they are sealed; everything but `key` and `signature` is signed. Hashes in hexadecimal. */
export type Seal = {
  readonly service: string;
  /** 1, 2, 3 … without a gap. */
  readonly number: number;
  /** Wall clock, ISO 8601 UTC. */
  readonly time: string;
  /** How many facts. */
  readonly count: number;
  /** Merkle root (RFC 6962) over the facts in the order of their numbers. */
  readonly root: string;
  /** The hash of the seal before; 64 zeros in the first. */
  readonly previous: string;
  /** The fingerprint of the key that signed; absent where the process had none. */
  readonly key?: string;
  /** Ed25519 (RFC 8032) over the statement, base64. */
  readonly signature?: string;
};

export type SealStatement = Omit<Seal, 'key' | 'signature'>;

export const noSeal = '0'.repeat(64);

/** The text that is signed: a line each, ended by a line feed. */
export const statementOf = ({ service, number, time, count, root, previous }: SealStatement): string =>
  ['peyvand-seal/1', service, number, time, count, root, previous, ''].join('\n');

/** What the next seal calls `previous`. */
export const hashOf = (seal: SealStatement): string => hash('sha256', statementOf(seal), 'hex');

export type SealKey = { readonly fingerprint: string; readonly privateKey: KeyObject; readonly publicPem: string };

/** Throws when the text is no Ed25519 private key in PEM. */
export const sealKeyOf = (pem: string): SealKey => {
  const privateKey = createPrivateKey(pem);
  ed25519(privateKey);
  const publicKey = createPublicKey(privateKey);
  return { fingerprint: fingerprintOf(publicKey), privateKey, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
};

/** A key to check seals with, from PEM of the public key or of the private one. Throws on anything else. */
export const sealCheckOf = (pem: string): { fingerprint: string; publicKey: KeyObject } => {
  const publicKey = createPublicKey(pem);
  ed25519(publicKey);
  return { fingerprint: fingerprintOf(publicKey), publicKey };
};

/** A new key, as PEM text. */
export const newSealKey = (): string => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export const signed = (statement: SealStatement, key: SealKey | undefined): Seal =>
  key === undefined ? statement : { ...statement, key: key.fingerprint, signature: sign(null, Buffer.from(statementOf(statement)), key.privateKey).toString('base64') };

export const isSignedBy = (seal: Seal, publicKey: KeyObject): boolean =>
  seal.signature !== undefined && verify(null, Buffer.from(statementOf(seal)), publicKey, Buffer.from(seal.signature, 'base64'));

const ed25519 = ({ asymmetricKeyType }: KeyObject): void => {
  if (asymmetricKeyType !== 'ed25519') throw new TypeError(`A seal key is an Ed25519 key, not ${asymmetricKeyType ?? 'a secret'}; make one with: openssl genpkey -algorithm ed25519`);
};

/** The first 16 hexadecimal digits of SHA-256 over the key's SubjectPublicKeyInfo. */
const fingerprintOf = (key: KeyObject): string => createHash('sha256').update(key.export({ type: 'spki', format: 'der' })).digest('hex').slice(0, 16);
