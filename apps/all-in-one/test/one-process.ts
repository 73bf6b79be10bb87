import { createServer, type AddressInfo } from 'node:net';
import { delivery } from '@peyvand/delivery';
import { demo } from '@peyvand/demo';
import { edge } from '@peyvand/edge';
import { financing } from '@peyvand/financing';
import { orders } from '@peyvand/orders';
import { startServices } from '@peyvand/platform';
import { producers } from '@peyvand/producers';
import { retailers } from '@peyvand/retailers';
import { clusterUrl, freshDatabases } from './databases.js';
import { demoVariables, type Platform } from './platform.js';

/** Every service in this process with the embedded broker, as `npm start` runs them; databases of its own. */
export const startOneProcess = async (): Promise<Platform> => {
  const databases = await freshDatabases();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  Object.assign(process.env, demoVariables(clusterUrl()), databases.variables, { PORT: String(port), BROKER: 'embedded', OIDC_JWKS_URL: `${url}/api/auth/jwks.json` });
  const handle = await startServices([producers, retailers, orders, financing, delivery, edge, demo], { signals: false });
  return {
    url, processUrls: [url],
    stop: async () => {
      await handle.close();
      await databases.drop();
    },
  };
};

export const freePort = (): Promise<number> => new Promise((resolve, reject) => {
  const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = probe.address() as AddressInfo;
    probe.close(() => resolve(port));
  });
});
