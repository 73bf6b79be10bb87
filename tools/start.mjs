// npm start: installs and builds what is missing, then runs everything in this process.
// Plain Node without dependencies: on a fresh clone there are none yet.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const began = Date.now();
/** One line of progress with the seconds since the start. */
const say = (line) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`);

class CannotStart extends Error {}

try {
  checkNode();
  await checkPort();
  await install();
  await compile();
  const { run } = await import('../apps/all-in-one/dist/main.js');
  await run({ args: process.argv.slice(2), workspace: root, say });
} catch (error) {
  if (!(error instanceof CannotStart) && error?.constructor?.name !== 'CannotStart') throw error;
  console.error(`\nCannot start: ${error.message}`);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new CannotStart(`Peyvand needs Node 20.19 or newer; this is ${process.versions.node}. See https://nodejs.org`);
}

/** Said before minutes of installing. The one who holds the port may be ourselves; the lock in the data folder tells that better, later. */
async function checkPort() {
  const [port, host] = [Number(process.env.PORT ?? 8080), process.env.HOST ?? '127.0.0.1'];
  const lock = join(resolve(process.env.PEYVAND_DATA ?? join(root, '.peyvand')), 'running.json');
  if (!Number.isInteger(port) || port < 1 || port > 65535 || existsSync(lock)) return;
  await new Promise((done, fail) => {
    const probe = createServer()
      .once('error', (error) => fail(new CannotStart(portFault(error, host, port))))
      .listen(port, host, () => probe.close(() => done()));
  });
}

function portFault(error, host, port) {
  if (error.code === 'EADDRINUSE') return `port ${port} of ${host} is taken by another program. Choose another: PORT=${port + 1} npm start`;
  if (error.code === 'EACCES') return `port ${port} needs rights this user does not have. Choose one above 1023: PORT=8080 npm start`;
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return `${host} is not an address of this machine. Leave HOST out, or use HOST=0.0.0.0.`;
  return `cannot listen on ${host}:${port}: ${error.message}`;
}

async function install() {
  const lockfile = join(root, 'package-lock.json');
  const stamp = join(root, 'node_modules', '.peyvand-installed');
  const wanted = createHash('sha256').update(readFileSync(lockfile)).digest('hex');
  if (read(stamp) === wanted) return;
  if (installedByHand(lockfile)) return note(stamp, wanted);
  checkRoom(root, 1_200);
  say('installing npm packages (one to three minutes the first time) …');
  const { code, output } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) throw new CannotStart(/ENOSPC/.test(output) ? diskFull(root) : `npm ci failed (code ${code}):\n${output.split('\n').filter((line) => line.startsWith('npm error') && line.trim() !== 'npm error').slice(0, 12).join('\n')}`);
  note(stamp, wanted);
  say('npm packages installed');
}

/** npm ci or npm install was run without us, after the lock file's last change: npm leaves a copy of the tree it made. */
function installedByHand(lockfile) {
  const made = join(root, 'node_modules', '.package-lock.json');
  return existsSync(made) && statSync(made).mtimeMs >= statSync(lockfile).mtimeMs && existsSync(join(root, 'node_modules', '@swc', 'core'));
}

function npm(args) {
  // Under `npm start` the npm that runs us is named here; it need not be on the PATH.
  const [command, first] = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, [process.env.npm_execpath]] : ['npm', []];
  return new Promise((done, fail) => {
    let output = '';
    const child = spawn(command, [...first, ...args], { cwd: root, env: { ...process.env, NODE_ENV: 'development' }, stdio: ['ignore', 'inherit', 'pipe'] });
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => fail(new CannotStart(`npm cannot be run: ${error.message}`)));
    child.once('close', (code) => done({ code, output }));
  });
}

/** In a child: the compiler's memory goes with it. */
async function compile() {
  checkRoom(root, 50);
  const { code, output, printed } = await new Promise((done) => {
    let [output, printed] = ['', ''];
    const child = spawn(process.execPath, [join(root, 'tools', 'build.mjs')], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('close', (code) => done({ code, output, printed }));
  });
  if (code !== 0) throw new CannotStart(/ENOSPC/.test(output) ? diskFull(root) : `the build failed:\n${output.trim().split('\n').slice(0, 12).join('\n')}`);
  if (!printed.startsWith('0 files')) say(printed.trim());
}

function checkRoom(folder, megabytes) {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < megabytes * 1e6) throw new CannotStart(diskFull(folder, megabytes));
}

function diskFull(folder, megabytes) {
  const { bavail, bsize } = statfsSync(folder);
  return `the disk is full: ${folder} has ${Math.floor((bavail * bsize) / 1e6)} MB free${megabytes ? ` and ${megabytes} MB are needed` : ''}. Free some room and start again.`;
}

function note(file, text) {
  try {
    writeFileSync(file, text);
  } catch {
    // A tree installed by another user: the check is simply made again next time.
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
