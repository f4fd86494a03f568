export { choices, type Choices } from './choices.ts';
export { createTestDatabase } from './test-database.ts';
export type { TestDatabase, TestDatabaseOptions } from './test-database.ts';
export { startTestCluster } from './test-cluster.ts';
export type { TestCluster, TestClusterOptions } from './test-cluster.ts';
export { reply, shortenedBy, startModelServer } from './model-server/index.ts';
export type {
  ModelReply,
  ModelRequest,
  ModelScript,
  ModelServer,
  TokenUsage,
} from './model-server/index.ts';
export { stopAtWrite, type WriteFault, type WritePoint } from './faults/stop-at-write.ts';
