import { startTestCluster } from './test-cluster.ts';

/* A program that owns a cluster and tells its parent where, for a test that kills it. */
const cluster = await startTestCluster();
process.send?.(cluster.folder);
