import { sealKeyOf, type SealKey } from '@peyvand/messaging';
import { z } from 'zod';
import type { RateLimit } from './http/rate-limit.js';

/** Everything a process is told from outside, read once at start. */
export type Config = {
  readonly port: number;
  readonly host: string;
  readonly databaseUrlOf: (service: string) => string;
  /** Past a transaction-pooling proxy, which breaks the session locks of migrations; undefined where there is none. */
  readonly directUrlOf?: (service: string) => string | undefined;
  /** Connections per service; Postgres needs services × processes × this many. */
  readonly poolSize: number;
  readonly broker: 'kafka' | 'embedded';
  readonly kafka?: {
    readonly brokers: readonly string[];
    readonly ssl: boolean;
    readonly sasl?: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string };
    readonly replicationFactor: number;
    readonly createTopics: boolean;
    readonly sessionMs: number;
  };
  readonly oidc: { readonly issuer: string; readonly audience: string; readonly jwksUrl?: string };
  readonly demo: boolean;
  readonly production: boolean;
  readonly clock: { readonly kind: 'real' | 'shared'; readonly rate: number; readonly start?: string };
  readonly logLevel: string;
  /** `boot`: migrate, then serve. `only`: migrate and exit. `never`: someone else migrates; the start waits for it. */
  readonly migrate: 'boot' | 'only' | 'never';
  readonly migrateWaitMs: number;
  readonly bodyLimitBytes: number;
  readonly rateLimit: RateLimit;
  readonly shutdownMs: number;
  /** What signs the seals of a service's facts; seals without a signature are for development. */
  readonly sealKeyOf: (service: string) => SealKey | undefined;
  /** A file that every seal is added to, a JSON line each, beside the log. */
  readonly sealAnchors?: string;
};

/** All wrong variables at once: what is wrong, where, and how to mend it. Printed without a trace: it is the reader's to mend. */
export class ConfigError extends Error {
  declare readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    Object.defineProperty(this, 'faults', { value: faults });
    this.stack = this.message;
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/** Reads and checks the environment. `keys`: the issuer's keys are brought by the caller. Throws `ConfigError` naming every fault. */
export const readConfig = (services: readonly string[], { env = process.env, keys = false }: { env?: Env; keys?: boolean } = {}): Config => {
  const set: Env = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(set);
  const faults = [
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`)),
    ...databaseFaults(services, set), ...brokerFaults(set), ...identityFaults(set, keys), ...sealFaults(services, set),
  ];
  if (!parsed.success || faults.length > 0) throw new ConfigError([...new Set(faults)]);
  return configOf(parsed.data, set);
};

const configOf = (given: Variables, env: Env): Config => {
  const sasl = saslOf(env);
  return {
    port: given.PORT,
    host: given.HOST,
    databaseUrlOf: (service) => databaseUrl(service, given.DATABASE_URL, env),
    directUrlOf: (service) => env[`DIRECT_${variableOf(service)}`] ?? (given.DIRECT_DATABASE_URL === undefined ? undefined : databaseUrl(service, given.DIRECT_DATABASE_URL, {})),
    poolSize: given.DATABASE_POOL,
    broker: given.BROKER,
    ...(given.KAFKA_BROKERS === undefined ? {} : {
      kafka: {
        brokers: given.KAFKA_BROKERS, ssl: given.KAFKA_SSL, ...(sasl === undefined ? {} : { sasl }),
        replicationFactor: given.KAFKA_REPLICATION_FACTOR, createTopics: given.KAFKA_CREATE_TOPICS, sessionMs: given.KAFKA_SESSION_MS,
      },
    }),
    oidc: { issuer: given.OIDC_ISSUER, audience: given.OIDC_AUDIENCE, ...(given.OIDC_JWKS_URL === undefined ? {} : { jwksUrl: given.OIDC_JWKS_URL }) },
    demo: given.DEMO,
    production: inProduction(env),
    clock: { kind: given.DEMO ? 'shared' : 'real', rate: given.CLOCK_RATE, ...(given.CLOCK_START === undefined ? {} : { start: given.CLOCK_START }) },
    logLevel: given.LOG_LEVEL,
    migrate: given.MIGRATE,
    migrateWaitMs: given.MIGRATE_WAIT_MS,
    bodyLimitBytes: given.BODY_LIMIT_BYTES,
    rateLimit: { perSecond: given.RATE_LIMIT_PER_SECOND, burst: given.RATE_LIMIT_BURST, inFlight: given.RATE_LIMIT_IN_FLIGHT },
    shutdownMs: given.SHUTDOWN_MS,
    sealKeyOf: (service) => {
      const pem = env[ownVariable('SEAL_KEY', service)] ?? env['SEAL_KEY'];
      return pem === undefined ? undefined : sealKeyOf(pem);
    },
    ...(given.SEAL_ANCHORS === undefined ? {} : { sealAnchors: given.SEAL_ANCHORS }),
  };
};

export const demoIssuer = 'urn:peyvand:demo';

const whole = (name: string, from: number, to: number, otherwise: number) =>
  z.coerce.number(`must be a whole number between ${from} and ${to}; set ${name}=${otherwise} or leave it out`).int().min(from).max(to).default(otherwise);
const yes = (otherwise: boolean) => z.enum(['true', 'false'], 'must be true or false').default(otherwise ? 'true' : 'false').transform((text) => text === 'true');
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) => z.enum(values, `must be one of ${values.join(', ')}`);
const databaseAddress = z.url({ protocol: /^postgres(ql)?$/, error: 'must be an address like postgres://user:password@host:5432/name' });

const saslMechanism = oneOf(['plain', 'scram-sha-256', 'scram-sha-512']);

const variables = z.object({
  NODE_ENV: z.string().optional(),
  DEMO: yes(false),
  PORT: whole('PORT', 0, 65_535, 8080),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: databaseAddress.optional(),
  DIRECT_DATABASE_URL: databaseAddress.optional(),
  DATABASE_POOL: whole('DATABASE_POOL', 2, 200, 10),
  BROKER: oneOf(['kafka', 'embedded']).default('embedded'),
  KAFKA_BROKERS: z.string().transform((text) => text.split(',').map((one) => one.trim()))
    .pipe(z.array(z.string().regex(/^[^\s:]+:\d+$/, 'must be host:port pairs with commas between, like kafka-1:9092,kafka-2:9092'))).optional(),
  KAFKA_SSL: yes(false),
  KAFKA_SASL_MECHANISM: saslMechanism.optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  KAFKA_REPLICATION_FACTOR: whole('KAFKA_REPLICATION_FACTOR', 1, 9, 1),
  KAFKA_CREATE_TOPICS: yes(false),
  // How long a group waits for a member that died before others take over.
  KAFKA_SESSION_MS: whole('KAFKA_SESSION_MS', 1_000, 300_000, 10_000),
  OIDC_ISSUER: z.string().default(demoIssuer),
  OIDC_AUDIENCE: z.string().default('peyvand'),
  OIDC_JWKS_URL: z.url({ protocol: /^https?$/, error: 'must be the http(s) address of the issuer\'s key set' }).optional(),
  CLOCK_RATE: z.coerce.number('must be a number: business seconds per wall second').positive().max(1_000_000).default(172_800),
  CLOCK_START: z.iso.datetime({ error: 'must be a moment like 2026-03-21T00:00:00Z' }).optional(),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  MIGRATE: oneOf(['boot', 'only', 'never']).default('boot'),
  MIGRATE_WAIT_MS: whole('MIGRATE_WAIT_MS', 0, 3_600_000, 300_000),
  // Of each party, in each process; 0 per second switches the limit off.
  RATE_LIMIT_PER_SECOND: whole('RATE_LIMIT_PER_SECOND', 0, 1_000_000, 300),
  RATE_LIMIT_BURST: whole('RATE_LIMIT_BURST', 1, 1_000_000, 1_500),
  RATE_LIMIT_IN_FLIGHT: whole('RATE_LIMIT_IN_FLIGHT', 1, 100_000, 64),
  BODY_LIMIT_BYTES: whole('BODY_LIMIT_BYTES', 1_024, 1_073_741_824, 8_388_608),
  SEAL_ANCHORS: z.string().optional(),
  SHUTDOWN_MS: whole('SHUTDOWN_MS', 100, 600_000, 25_000),
});
type Variables = z.infer<typeof variables>;

const ownVariable = (name: string, service: string): string => `${name}_${service.toUpperCase().replaceAll('-', '_')}`;
const variableOf = (service: string): string => ownVariable('DATABASE_URL', service);

/** A service's own variable, or the base address with the database name peyvand_<service>. */
const databaseUrl = (service: string, base: string | undefined, env: Env): string => {
  const own = env[variableOf(service)];
  if (own !== undefined) return own;
  if (base === undefined) throw new ConfigError([missing(service)]);
  const url = new URL(base);
  url.pathname = `/peyvand_${service.replaceAll('-', '_')}`;
  return url.href;
};

const missing = (service: string): string =>
  `${variableOf(service)}: is missing; set it, or DATABASE_URL for all services (each then uses its own database peyvand_<service>)`;

const databaseFaults = (services: readonly string[], env: Env): string[] =>
  services.flatMap((service) => [
    ...[variableOf(service), `DIRECT_${variableOf(service)}`].filter((name) => env[name] !== undefined && !databaseAddress.safeParse(env[name]).success)
      .map((name) => `${name}: must be an address like postgres://user:password@host:5432/name`),
    ...(env[variableOf(service)] === undefined && env['DATABASE_URL'] === undefined ? [missing(service)] : []),
  ]);

const brokerFaults = (env: Env): string[] => [
  ...(env['BROKER'] === 'kafka' && env['KAFKA_BROKERS'] === undefined ? ['KAFKA_BROKERS: is missing; BROKER=kafka needs at least one host:port'] : []),
  ...(env['KAFKA_SASL_MECHANISM'] !== undefined && saslOf(env) === undefined ? ['KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD: both are needed with KAFKA_SASL_MECHANISM'] : []),
  ...(inProduction(env) && env['BROKER'] !== 'kafka' ? ['BROKER: the embedded broker is not for production; set BROKER=kafka and KAFKA_BROKERS (or DEMO=true for a demonstration)'] : []),
];

const identityFaults = (env: Env, keys: boolean): string[] => [
  ...(inProduction(env) && (env['OIDC_ISSUER'] ?? demoIssuer) === demoIssuer ? ['OIDC_ISSUER: the demo issuer is not for production; set the address of your identity provider'] : []),
  ...(!keys && env['OIDC_JWKS_URL'] === undefined ? ['OIDC_JWKS_URL: is missing; set the address of the key set of OIDC_ISSUER'] : []),
];

/** The edge tells nothing of its own, so it has nothing to seal. */
const sealFaults = (services: readonly string[], env: Env): string[] => [
  ...['SEAL_KEY', ...services.map((service) => ownVariable('SEAL_KEY', service))].flatMap((name) => (env[name] === undefined ? [] : faultOfKey(name, env[name]))),
  ...services.filter((service) => inProduction(env) && env['MIGRATE'] !== 'only' && service !== 'edge' && env['SEAL_KEY'] === undefined && env[ownVariable('SEAL_KEY', service)] === undefined)
    .map((service) => `${ownVariable('SEAL_KEY', service)}: is missing; make a key with openssl genpkey -algorithm ed25519 and set its PEM text, or SEAL_KEY for all services`),
];

const faultOfKey = (name: string, pem: string): string[] => {
  try {
    sealKeyOf(pem);
    return [];
  } catch {
    return [`${name}: must be the PEM text of an Ed25519 private key; make one with openssl genpkey -algorithm ed25519`];
  }
};

const inProduction = (env: Env): boolean => env['NODE_ENV'] === 'production' && env['DEMO'] !== 'true';

const saslOf = (env: Env): NonNullable<Config['kafka']>['sasl'] => {
  const [mechanism, username, password] = [saslMechanism.safeParse(env['KAFKA_SASL_MECHANISM']).data, env['KAFKA_SASL_USERNAME'], env['KAFKA_SASL_PASSWORD']];
  return mechanism === undefined || username === undefined || password === undefined ? undefined : { mechanism, username, password };
};
