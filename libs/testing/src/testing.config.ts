/** What the jest run tells its spec files: the cluster, a name that keeps this run's databases apart, and how much to log. */
export const testRun = (): { readonly clusterUrl: string; readonly run: string; readonly logLevel: string } => {
  const clusterUrl = process.env['PEYVAND_TEST_PG'];
  if (clusterUrl === undefined) throw new Error('PEYVAND_TEST_PG is missing: run specs with `npm run jest`, whose global set-up starts Postgres');
  return { clusterUrl, run: process.env['PEYVAND_TEST_RUN'] ?? 'alone', logLevel: process.env['PEYVAND_TEST_LOG'] ?? 'error' };
};
