import { rm } from 'node:fs/promises';

/** Stops the cluster this run started; a cluster given from outside stays. */
export default async function teardown() {
  const started = globalThis.peyvandCluster;
  if (!started) return;
  await started.cluster.stop();
  await rm(started.folder, { recursive: true, force: true });
}
