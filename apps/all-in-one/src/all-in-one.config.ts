import { join, resolve } from 'node:path';

/** What `npm start` may be told. Read once, here only. */
export type Config = {
  readonly port: number;
  readonly host: string;
  /** Everything that outlives a run: the database cluster, the lock, the log. */
  readonly dataFolder: string;
  /** False starts the platform without the demo's firms and actors (`-- --empty`). */
  readonly world: boolean;
  /** Begin anew (`-- --reset`). */
  readonly reset: boolean;
  /** Business seconds per wall second: 172,800 makes a day half a second (design §4.1). */
  readonly clockRate: number;
};

/** Reads variables and arguments; answers every fault at once as a sentence a person can act on. */
export const readConfig = (args: readonly string[], workspace: string, env: NodeJS.ProcessEnv = process.env): Config | { faults: string[] } => {
  const faults = args.filter((arg) => !known.includes(arg)).map((arg) => `I do not know ${arg}. Known: ${known.join(', ')} (after \`npm start --\`).`);
  const port = Number(env['PORT'] ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) faults.push(`PORT must be a whole number from 0 to 65535, not "${env['PORT']}".`);
  const clockRate = Number(env['PEYVAND_CLOCK_RATE'] ?? 172_800);
  if (!(clockRate > 0)) faults.push(`PEYVAND_CLOCK_RATE must be a positive number of business seconds per second, not "${env['PEYVAND_CLOCK_RATE']}".`);
  if (faults.length > 0) return { faults };
  return {
    port,
    host: env['HOST'] ?? '127.0.0.1',
    dataFolder: resolve(env['PEYVAND_DATA'] ?? join(workspace, '.peyvand')),
    world: !args.includes('--empty'),
    reset: args.includes('--reset'),
    clockRate,
  };
};

const known = ['--reset', '--empty'];

/**
 * What the services read from the environment, set for a process that is a demo: loopback address, demo issuer, embedded broker, a
 * business clock that starts before the school year of 1405. Whatever the user set stays.
 */
export const tellServices = (config: Config, databaseUrl: string, seal: { readonly key: string; readonly anchors: string }, env: NodeJS.ProcessEnv = process.env): void => {
  const own: Record<string, string> = {
    LOG_LEVEL: 'warn', CLOCK_START: '2026-08-23T04:30:00Z', DATABASE_POOL: '8', OIDC_JWKS_URL: `http://127.0.0.1:${config.port}/api/auth/jwks.json`,
    SEAL_KEY: seal.key, SEAL_ANCHORS: seal.anchors,
    // Half a second is a day: people and machines need a few of them to answer.
    ORDERS_ACCEPT_HOURS: '240', ORDERS_APPROVE_HOURS: '240', ORDERS_CHANGE_ANSWER_HOURS: '240', ORDERS_WORD_HOURS: '240',
  };
  for (const [name, value] of Object.entries(own)) env[name] ??= value;
  Object.assign(env, {
    DEMO: 'true', BROKER: 'embedded', MIGRATE: 'boot', PORT: String(config.port), HOST: config.host, CLOCK_RATE: String(config.clockRate),
    DATABASE_URL: databaseUrl, DEMO_WORLD: config.world ? 'full' : 'empty',
  });
};

/** What Postgres' programs get of our environment: plain C messages that we can read, and no variable that would change them. */
export const postgresEnvironment = (env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => ({ PATH: env['PATH'], LC_ALL: 'C', LC_MESSAGES: 'C', TZ: 'UTC' });
