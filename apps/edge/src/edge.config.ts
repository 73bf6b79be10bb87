import { ConfigError } from '@peyvand/platform';

/** Where the services of other processes are: service → origin, like http://producers:8080. */
export type ServiceUrls = ReadonlyMap<string, string>;

/** Reads SERVICE_URLS: `producers=http://producers:8080,orders=http://orders:8080`. Throws `ConfigError` naming every fault. */
export const serviceUrls = (env: Readonly<Record<string, string | undefined>> = process.env): ServiceUrls => {
  const urls = new Map<string, string>();
  const faults: string[] = [];
  for (const entry of (env['SERVICE_URLS'] ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '')) {
    const [, service, address] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(entry) ?? [];
    const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
    if (service === undefined || url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/') faults.push(`SERVICE_URLS: "${entry}" must look like producers=http://producers:8080`);
    else if (urls.has(service)) faults.push(`SERVICE_URLS: ${service} has two addresses; keep one`);
    else urls.set(service, url.origin);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return urls;
};
