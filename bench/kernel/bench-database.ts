import { startTestCluster } from '@scriptorium/testkit';
import { openTrial, type Trial } from '../../e2e/kernel/trial.ts';

/** A database of the benchmark's own that waits for the disk as in production, and a kernel on it that submits and watches. */
export async function withTrial<T>(body: (trial: Trial) => Promise<T>): Promise<T> {
  const cluster = await startTestCluster({
    settings: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' },
  });
  try {
    const trial = await openTrial(cluster.connectionString);
    try {
      return await body(trial);
    } finally {
      await trial.close();
    }
  } finally {
    await cluster.remove();
  }
}
