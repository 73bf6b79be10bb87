// npm run audit -- [--service orders]: were stored facts edited, deleted, put in another order or slipped in since they were sealed? Reads only.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';

const services = ['producers', 'retailers', 'orders', 'financing', 'delivery'];
const usage = `Usage: npm run audit -- [options]
  --service ${services.join('|')}   all of them when left out
  --key FILE       PEM of the public key (or the private one) that seals are signed with; may be given several times
  --anchors FILE   seals that were kept outside the databases: lines of SEAL_ANCHORS, of a service's log, or of GET /api/<service>/seals
Reads DATABASE_URL_<SERVICE>, or DATABASE_URL with the database peyvand_<service>; without either the running \`npm start\` of this
folder (PEYVAND_DATA), with its own key and anchors. Exit code 0: nothing was changed; 1: something was; 2: could not look.`;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Answers the exit code. */
export async function runAudit(args, print = console.log, env = process.env) {
  const asked = read(args);
  if (asked === undefined) return (print(usage), 2);
  try {
    await build();
    const { audit, sealCheckOf } = await import('@peyvand/messaging');
    const { default: pg } = await import('pg');
    const home = await homeOf(env);
    const keys = new Map((await Promise.all([...asked.key, ...(asked.key.length === 0 && home?.key ? [home.key] : [])].map(async (file) => sealCheckOf(await readFile(file, 'utf8'))))).map(({ fingerprint, publicKey }) => [fingerprint, publicKey]));
    const anchors = (await Promise.all([...asked.anchors, ...(asked.anchors.length === 0 && home?.anchors ? [home.anchors] : [])].map(anchorsIn))).flat();
    let changed = false;
    for (const service of asked.service === undefined ? services : [asked.service]) {
      const url = env[`DATABASE_URL_${service.toUpperCase()}`] ?? databaseOf(env.DATABASE_URL ?? home?.url, service);
      if (url === undefined) throw new Error(`Which database? Set DATABASE_URL, or start the platform in this folder with npm start.`);
      const pool = new pg.Pool({ connectionString: url, max: 3, application_name: 'peyvand-audit', connectionTimeoutMillis: 5_000 });
      pool.on('error', () => {});
      const started = performance.now();
      const found = await audit(pool, { service, keys, anchors, onProgress: progress(service) }).finally(() => pool.end());
      for (const line of report(found, performance.now() - started)) print(line);
      changed ||= found.findings.length > 0;
    }
    return changed ? 1 : 0;
  } catch (error) {
    print(error.code === 'ECONNREFUSED' || error.code === '3D000' ? `The database cannot be opened: ${error.message}. Check DATABASE_URL and that the server runs.` : error.message);
    return 2;
  }
}

function read(args) {
  try {
    const { values } = parseArgs({ args, options: { service: { type: 'string' }, key: { type: 'string', multiple: true, default: [] }, anchors: { type: 'string', multiple: true, default: [] } } });
    return values.service === undefined || services.includes(values.service) ? values : undefined;
  } catch {
    return undefined;
  }
}

const databaseOf = (base, service) => (base === undefined ? undefined : Object.assign(new URL(base), { pathname: `/peyvand_${service}` }).href);

/** The platform that runs from this folder: its database, its key, what it kept. */
async function homeOf(env) {
  const folder = resolve(env.PEYVAND_DATA ?? join(root, '.peyvand'));
  const { runningPostgres } = await import('../apps/all-in-one/dist/running-postgres.js');
  const url = await runningPostgres(folder);
  const kept = (name) => (existsSync(join(folder, name)) ? join(folder, name) : undefined);
  return url === undefined ? undefined : { url, key: kept('seal-key.pem'), anchors: kept('anchors.jsonl') };
}

/** JSON lines, or a JSON document with items; what is no seal is passed over. */
async function anchorsIn(file) {
  const text = await readFile(file, 'utf8');
  const whole = jsonOf(text);
  const all = Array.isArray(whole?.items) ? whole.items : text.split('\n').map((line) => { const one = jsonOf(line); return one?.seal ?? one; });
  return all.filter((one) => typeof one?.service === 'string' && typeof one.number === 'number' && typeof one.hash === 'string');
}

const jsonOf = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const progress = (service) => {
  let told = Date.now();
  return (facts, of) => {
    if (!process.stderr.isTTY || Date.now() - told < 500) return;
    told = Date.now();
    process.stderr.write(`\r${service}: ${facts.toLocaleString('en')} of ${of.toLocaleString('en')} facts\x1b[K\r`);
  };
};

function report({ service, seals, facts, waiting, anchors, signedBy, last, findings }, ms) {
  const sum = `${service}: ${facts.toLocaleString('en')} facts under ${seals.toLocaleString('en')} seals stand as they were told; ${waiting.toLocaleString('en')} wait for theirs (${(ms / 1_000).toFixed(1)} s)`;
  const chain = last === undefined ? '  no seal yet' : `  last seal ${last.number} of ${last.time}, ${last.hash}\n  ${signedBy === undefined ? 'signature not checked: give --key' : `signed by key ${signedBy}`}; ${anchors === 0 ? 'no seals from outside to compare with: give --anchors' : `${anchors.toLocaleString('en')} seals kept outside agree unless said below`}`;
  return [sum, chain, ...findings.slice(0, 50).map(wordsOf), ...(findings.length > 50 ? [`  … ${findings.length >= 1_000 ? 'and more than' : 'and'} ${findings.length - 50} more`] : [])];
}

const words = {
  'fact-edited': 'was edited after it was sealed', 'fact-missing': 'was deleted after it was sealed', 'fact-unsealed': 'was slipped in: nobody told it',
  'seal-edited': 'was changed, or no longer follows the one before', 'seal-missing': 'is gone', 'seal-unsigned': 'is the last and bears no signature', 'seal-forged': 'is the last and is not signed by a key given here', 'seal-not-anchored': 'is another than the one that was kept outside: the chain was made anew',
};
const wordsOf = (one) => ('seq' in one
  ? `  ! fact number ${one.seq}${one.seal === undefined ? '' : ` of seal ${one.seal}`} ${words[one.kind]}${one.id === undefined ? '' : ` (${one.type} ${one.id}, stored ${one.recordedtime})`}`
  : `  ! seal ${one.seal} ${words[one.kind]}`);

if (import.meta.main ?? process.argv[1]?.endsWith('audit.mjs')) process.exitCode = await runAudit(process.argv.slice(2));
