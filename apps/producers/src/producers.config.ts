import { ConfigError } from '@peyvand/platform';

export type LicenceSource = { readonly kind: 'simulator' } | { readonly kind: 'file'; readonly path: string };

/** Where licences are confirmed: LICENCES=simulator (not in production) or LICENCES=file with LICENCES_FILE. Throws `ConfigError`. */
export const licenceSource = (production: boolean, env: Readonly<Record<string, string | undefined>> = process.env): LicenceSource => {
  const kind = env['LICENCES'] ?? (production ? '' : 'simulator');
  if (kind === 'file') {
    const path = env['LICENCES_FILE'];
    if (path === undefined || path === '') throw new ConfigError(['LICENCES_FILE: is missing; LICENCES=file needs the path of the issuers’ CSV list']);
    return { kind, path };
  }
  if (kind === 'simulator' && !production) return { kind };
  throw new ConfigError([production
    ? 'LICENCES: simulators are not for production; set LICENCES=file and LICENCES_FILE (or DEMO=true for a demonstration)'
    : `LICENCES: must be simulator or file, got "${kind}"`]);
};
