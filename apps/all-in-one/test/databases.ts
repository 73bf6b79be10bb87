import { dropDatabase, emptyDatabase } from '@peyvand/testing';

export const serviceNames = ['producers', 'retailers', 'orders', 'financing', 'delivery', 'edge', 'demo'] as const;

/** Fresh databases for one platform, as the variables that name them (DATABASE_URL_<SERVICE>), and how to remove them. */
export const freshDatabases = async (): Promise<{ variables: Record<string, string>; drop(): Promise<void> }> => {
  const made = await Promise.all([...serviceNames, 'clock', 'broker'].map(async (name) => [`DATABASE_URL_${name.toUpperCase()}`, await emptyDatabase(`e2e_${name}`)] as const));
  return { variables: Object.fromEntries(made), drop: async () => void (await Promise.all(made.map(([, url]) => dropDatabase(url)))) };
};

export const clusterUrl = (): string => {
  const url = process.env['PEYVAND_TEST_PG'];
  if (url === undefined) throw new Error('PEYVAND_TEST_PG is missing: run this with `npm run jest`');
  return url;
};
