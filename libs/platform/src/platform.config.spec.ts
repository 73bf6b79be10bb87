import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { newSealKey, sealCheckOf } from '@peyvand/messaging';
import { ConfigError, readConfig } from './platform.config.js';

const base = { DATABASE_URL: 'postgres://u:p@db:5432/postgres', OIDC_JWKS_URL: 'https://id/keys' };
const read = (services: readonly string[], env: Record<string, string>) => readConfig(services, { env });
const faultsOf = (env: Record<string, string>, services = ['orders']): readonly string[] => {
  try {
    read(services, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

describe('the configuration', () => {
  it('has a default for everything but the database', () => {
    expect(read(['orders'], base)).toMatchObject({ port: 8080, host: '127.0.0.1', broker: 'embedded', demo: false, production: false, migrate: 'boot', logLevel: 'info', clock: { kind: 'real' } });
    expect(faultsOf({})).toEqual([expect.stringMatching(/^DATABASE_URL_ORDERS: is missing; set it, or DATABASE_URL/), expect.stringMatching(/^OIDC_JWKS_URL: is missing/)]);
    expect(readConfig(['orders'], { env: { DATABASE_URL: base.DATABASE_URL }, keys: true }).oidc).toEqual({ issuer: 'urn:peyvand:demo', audience: 'peyvand' });
  });

  it('gives each service its own database', () => {
    const { databaseUrlOf } = read(['orders', 'financing'], { ...base, DATABASE_URL_FINANCING: 'postgres://f@elsewhere/money' });
    expect(databaseUrlOf('orders')).toBe('postgres://u:p@db:5432/peyvand_orders');
    expect(databaseUrlOf('financing')).toBe('postgres://f@elsewhere/money');
  });

  it('migrates past a pooling proxy where a direct address is given', () => {
    expect(read(['orders'], base).directUrlOf?.('orders')).toBeUndefined();
    const { directUrlOf } = read(['orders', 'financing'], { ...base, DIRECT_DATABASE_URL: 'postgres://u@direct/x', DIRECT_DATABASE_URL_FINANCING: 'postgres://f@direct/money' });
    expect([directUrlOf?.('orders'), directUrlOf?.('financing')]).toEqual(['postgres://u@direct/peyvand_orders', 'postgres://f@direct/money']);
    expect(faultsOf({ ...base, DIRECT_DATABASE_URL_ORDERS: 'x' })).toEqual([expect.stringMatching(/^DIRECT_DATABASE_URL_ORDERS: must be an address/)]);
  });

  it('reports every wrong variable at once, with how to mend it', () => {
    expect(faultsOf({ ...base, PORT: 'http', BROKER: 'rabbit', DEMO: 'yes', LOG_LEVEL: 'loud', OIDC_JWKS_URL: 'keys', KAFKA_BROKERS: 'kafka', DATABASE_URL: 'mysql://x', DATABASE_URL_MONEY: 'x' }, ['orders', 'money'])).toEqual([
      'DEMO: must be true or false',
      'PORT: must be a whole number between 0 and 65535; set PORT=8080 or leave it out',
      'DATABASE_URL: must be an address like postgres://user:password@host:5432/name',
      'BROKER: must be one of kafka, embedded',
      'KAFKA_BROKERS: must be host:port pairs with commas between, like kafka-1:9092,kafka-2:9092',
      "OIDC_JWKS_URL: must be the http(s) address of the issuer's key set",
      'LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal, silent',
      'DATABASE_URL_MONEY: must be an address like postgres://user:password@host:5432/name',
    ]);
  });

  it('knows what belongs together', () => {
    expect(faultsOf({ ...base, BROKER: 'kafka', KAFKA_SASL_MECHANISM: 'plain' })).toEqual([expect.stringMatching(/^KAFKA_BROKERS: is missing/), expect.stringMatching(/^KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD/)]);
    expect(read(['orders'], { ...base, BROKER: 'kafka', KAFKA_BROKERS: 'a:1, b:2', KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' }).kafka)
      .toMatchObject({ brokers: ['a:1', 'b:2'], sasl: { mechanism: 'plain', username: 'u', password: 'p' } });
  });

  it('is printed as sentences for the reader, not as a trace', () => {
    expect(inspect(new ConfigError(['PORT: is wrong', 'HOST: too']))).toBe('[The configuration has 2 faults:\n  - PORT: is wrong\n  - HOST: too]');
  });

  it('treats an empty variable as one left out', () => {
    expect(read(['orders'], { ...base, PORT: '', BROKER: '', DATABASE_URL_ORDERS: '' }).port).toBe(8080);
  });

  it('refuses demo parts in production, and takes them with DEMO=true', () => {
    expect(faultsOf({ ...base, NODE_ENV: 'production' })).toEqual([expect.stringMatching(/^BROKER: the embedded broker is not for production/), expect.stringMatching(/^OIDC_ISSUER: the demo issuer is not for production/), expect.stringMatching(/^SEAL_KEY_ORDERS: is missing/)]);
    expect(faultsOf({ ...base, NODE_ENV: 'production', DEMO: 'true' })).toEqual([]);
    const full = { ...base, NODE_ENV: 'production', BROKER: 'kafka', KAFKA_BROKERS: 'a:1', OIDC_ISSUER: 'https://id', OIDC_JWKS_URL: 'https://id/keys' };
    expect(read(['orders'], { ...full, SEAL_KEY_ORDERS: newSealKey() }).production).toBe(true);
    expect(faultsOf({ ...full, MIGRATE: 'only' })).toEqual([]);
    expect(faultsOf(full, ['edge'])).toEqual([]);
  });

  it('takes a key for the seals of each service, or one for all', () => {
    const [own, others] = [newSealKey(), newSealKey()];
    const { sealKeyOf } = read(['orders', 'financing'], { ...base, SEAL_KEY: others, SEAL_KEY_ORDERS: own });
    expect([sealKeyOf('orders')?.fingerprint, sealKeyOf('financing')?.fingerprint]).toEqual([own, others].map((pem) => sealCheckOf(pem).fingerprint));
    expect(read(['orders'], base).sealKeyOf('orders')).toBeUndefined();
    expect(faultsOf({ ...base, SEAL_KEY: 'secret' })).toEqual([expect.stringMatching(/^SEAL_KEY: must be the PEM text of an Ed25519 private key; make one with openssl/)]);
  });
});
