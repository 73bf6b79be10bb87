import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newSealKey } from '@peyvand/messaging';
import { delivery } from '@peyvand/delivery';
import { demo } from '@peyvand/demo';
import { edge } from '@peyvand/edge';
import { financing } from '@peyvand/financing';
import { orders } from '@peyvand/orders';
import { startServices, type Handle } from '@peyvand/platform';
import { producers } from '@peyvand/producers';
import { retailers } from '@peyvand/retailers';
import { readConfig, tellServices, type Config } from './all-in-one.config.js';
import { CannotStart } from './cannot-start.js';
import { keep, openDataFolder, type DataFolder } from './data-folder.js';
import { listeningFault } from './listening-fault.js';
import { startPostgres, type Cluster } from './postgres.js';
import { removeHome } from './postgres-home.js';
import { welcome } from './welcome.js';

/** Every seal of every service, kept outside the databases. */
const anchorsFile = 'anchors.jsonl';

export type RunOptions = { readonly args: readonly string[]; readonly workspace: string; readonly say: (line: string) => void };

export type Everything = { readonly url: string; readonly cluster: Cluster; readonly handle: Handle; stop(): Promise<void> };

/**
 * Everything in one process: the embedded Postgres, every service, the embedded broker and the demo. Ends the process on Ctrl-C, after
 * the services have closed and Postgres has stopped.
 * @throws CannotStart with a sentence for the user.
 */
export const run = async ({ args, workspace, say }: RunOptions): Promise<Everything> => {
  const config = readConfig(args, workspace);
  if ('faults' in config) throw new CannotStart(config.faults.join('\n'));
  const address = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${config.port}`;
  const folder = await openDataFolder(config.dataFolder, address);
  if (config.reset) {
    await removeHome(config.dataFolder);
    await rm(join(config.dataFolder, anchorsFile), { force: true });
    say('the data of earlier starts is gone (--reset)');
  }
  const everything = await start(config, folder, say).catch(async (error: unknown) => {
    await folder.release();
    throw error;
  });
  say('ready');
  welcome({ url: everything.url, world: config.world, dataFolder: config.dataFolder });
  return everything;
};

const start = async (config: Config, folder: DataFolder, say: (line: string) => void): Promise<Everything> => {
  let stop = async (): Promise<void> => {};
  const cluster = await startPostgres(config.dataFolder, say, (why) => {
    console.error(`\nPostgres is gone: ${why}`);
    void stop().finally(() => process.exit(1));
  });
  say(`Postgres runs on port ${cluster.port}, data under ${config.dataFolder}`);
  try {
    tellServices(config, cluster.url('postgres'), { key: await keep(join(config.dataFolder, 'seal-key.pem'), newSealKey), anchors: join(config.dataFolder, anchorsFile) });
    const handle = await startServices([producers, retailers, orders, financing, delivery, edge, demo]);
    say('producers, retailers, orders, financing, delivery, edge and demo run');
    stop = once(async () => {
      await handle.close().catch((error: unknown) => console.error(error));
      await cluster.stop();
      await folder.release();
    });
    endOnSignals(stop, say);
    return { url: handle.url, cluster, handle, stop };
  } catch (error) {
    await cluster.stop();
    throw listeningFault(error, config) ?? error;
  }
};

/** The services' own handlers would end the process before Postgres has stopped. */
const endOnSignals = (stop: () => Promise<void>, say: (line: string) => void): void => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.removeAllListeners(signal);
    let asked = false;
    process.on(signal, () => {
      // npm passes Ctrl-C on as well: the second of a pair comes at once and means nothing new.
      if (asked) return;
      asked = true;
      say('stopping …');
      void stop().then(() => {
        say('stopped; the data stays, the next start goes on from here');
        process.exit(0);
      });
    });
  }
};

const once = (work: () => Promise<void>): (() => Promise<void>) => {
  let under: Promise<void> | undefined;
  return () => (under ??= work());
};
