import type { TestProject } from 'vitest/node';

import { removeAbandonedClusters, startTestCluster } from './test-cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the run's PostgreSQL cluster, for `createTestDatabase`. */
    testClusterUrl: string;
  }
}

/**
 * One PostgreSQL cluster for the whole test run. It is started whether a test needs it or not: a
 * second once a run is less than the machinery for doing it later would be worth.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandonedClusters();
  const cluster = await startTestCluster();
  project.provide('testClusterUrl', cluster.connectionString);
  return () => cluster.remove();
}
