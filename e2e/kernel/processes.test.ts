import { createTestDatabase, startTestCluster } from '@scriptorium/testkit';
import { expect, test } from 'vitest';
import { freshChunks, openTrial, type Trial } from './trial.ts';

/** Each test has a database of its own and mostly waits for a lease to run out, so they run side by side. */
async function onOwnDatabase(body: (trial: Trial) => Promise<void>): Promise<void> {
  const database = await createTestDatabase();
  const trial = await openTrial(database.connectionString);
  try {
    await body(trial);
  } finally {
    await trial.close();
    await database.drop();
  }
}

async function attemptsOf(trial: Trial, jobId: number) {
  const { rows } = await trial.pool.query<{
    index: number;
    outcomes: string[];
    crashes: number;
    failures: number;
  }>(
    `SELECT c.index, w.crashes, w.failures,
            array_agg(COALESCE(a.outcome, 'open') ORDER BY a.started_at, a.delivery) AS outcomes
       FROM kernel.chunks c
       JOIN kernel.works w ON w.id = c.work_id
       JOIN kernel.attempts a ON a.work_id = w.id
      WHERE c.job_id = $1
      GROUP BY c.index, w.id
      ORDER BY c.index`,
    [jobId],
  );
  return rows;
}

test.concurrent(
  'a worker killed in the middle of its chunks is taken over, and what was finished or paid for is not done again',
  () =>
    onOwnDatabase(async (trial) => {
      const first = await trial.startWorker({ SLOTS: '2' });
      const jobId = await trial.submit({ chunks: freshChunks(4, { ms: 1200, calls: 2 }) });
      // Two chunks are done, two have one of their two calls behind them and are in the middle of the second.
      await first.hears((said) => said.what === 'called', 8);
      await first.kill();
      const killedAt = Date.now();

      const second = await trial.startWorker({ SLOTS: '2' });
      const events = await trial.watch(jobId);
      expect(events.at(-1)).toMatchObject({ type: 'job.completed', data: { gaps: [] } });
      const firstTakenOver = second.said.find((said) => said.what === 'began');
      expect((firstTakenOver?.at ?? Infinity) - killedAt).toBeLessThan(30_000);

      const attempts = await attemptsOf(trial, jobId);
      expect(attempts.filter((each) => each.outcomes.length === 1)).toHaveLength(2);
      for (const each of attempts.filter(({ outcomes }) => outcomes.length > 1)) {
        expect(each).toMatchObject({ outcomes: ['crashed', 'done'], crashes: 1, failures: 0 });
      }
      // Eight calls are needed; those in flight at the kill, at most one a slot, may be made twice.
      const calls = [...first.said, ...second.said].filter((said) => said.what === 'called').length;
      expect(calls).toBeGreaterThanOrEqual(8);
      expect(calls).toBeLessThanOrEqual(8 + 2);
    }),
  150_000,
);

test.concurrent(
  'a worker stopped past its lease and continued changes nothing with its late result',
  () =>
    onOwnDatabase(async (trial) => {
      const sleeper = await trial.startWorker({ SLOTS: '1' });
      const jobId = await trial.submit({ chunks: freshChunks(1, { ms: 1500 }) });
      await sleeper.hears(
        (said) => said.what === 'began' && said.workId !== undefined && said.workId > 1,
      );
      sleeper.signal('SIGSTOP');
      await trial.startWorker({ SLOTS: '1' });
      const events = await trial.watch(jobId);
      sleeper.signal('SIGCONT');
      await sleeper.hears((said) => said.what === 'aborted' || said.what === 'ready');
      expect(await sleeper.stop()).toBe(0);
      const after = await trial.kernel.events(jobId, 0);
      expect(after).toEqual(events);
      expect(await attemptsOf(trial, jobId)).toMatchObject([
        { outcomes: ['crashed', 'done'], crashes: 1 },
      ]);
    }),
  150_000,
);

test.concurrent(
  'a chunk that kills its process is quarantined alone, and the fifteen beside it are done',
  () =>
    onOwnDatabase(async (trial) => {
      const supervised = keepWorking(trial, 3);
      const chunks = freshChunks(16, { ms: 50 }).map((chunk, index) => ({
        ...chunk,
        isPoison: index === 7,
      }));
      const jobId = await trial.submit({ chunks });
      const events = await trial.watch(jobId);
      await supervised.end();
      expect(events.at(-1)?.type).toBe('job.completed');
      const job = await trial.kernel.job(jobId, 1);
      expect(job.gaps).toMatchObject([{ index: 7, code: 'work.quarantined' }]);
      expect(job.done_chunks).toBe(15);
      const attempts = await attemptsOf(trial, jobId);
      expect(attempts[7]?.outcomes.filter((outcome) => outcome === 'crashed')).toHaveLength(4 - 1);
    }),
  150_000,
);

test.concurrent(
  'a plan that kills its process fails its job with the code of the quarantine',
  () =>
    onOwnDatabase(async (trial) => {
      const supervised = keepWorking(trial, 1);
      const jobId = await trial.submit({ chunks: freshChunks(1, { ms: 1 }), isPlanPoison: true });
      const events = await trial.watch(jobId);
      await supervised.end();
      expect(events.at(-1)).toMatchObject({
        type: 'job.failed',
        data: { error: { code: 'work.quarantined' } },
      });
    }),
  150_000,
);

test.concurrent(
  'a worker that is asked to stop gives its chunk back at once, and nothing is counted against it',
  () =>
    onOwnDatabase(async (trial) => {
      const first = await trial.startWorker({ SLOTS: '1', GRACE_MS: '0' });
      const jobId = await trial.submit({ chunks: freshChunks(1, { ms: 3000 }) });
      await first.hears((said) => said.what === 'began' && said.workId !== 1);
      expect(await first.stop()).toBe(0);
      await trial.startWorker({ SLOTS: '1' });
      await trial.watch(jobId);
      expect(await attemptsOf(trial, jobId)).toMatchObject([
        { outcomes: ['given_back', 'done'], crashes: 0, failures: 0 },
      ]);
    }),
  150_000,
);

test.concurrent('a database killed under load and started again loses no job and no finished part', async () => {
  const cluster = await startTestCluster({ settings: { fsync: 'on', synchronous_commit: 'on' } });
  const trial = await openTrial(cluster.connectionString);
  let again: Awaited<ReturnType<typeof startTestCluster>> | undefined;
  try {
    await trial.startWorker({ SLOTS: '4' });
    const jobId = await trial.submit({ chunks: freshChunks(60, { ms: 60 }) });
    for await (const event of trial.kernel.follow(jobId, 0, AbortSignal.timeout(60_000))) {
      if (event.type === 'chunk.settled' && event.data['processed_chunks'] === 20) break;
    }
    await cluster.kill();
    again = await startTestCluster({ folder: cluster.folder });
    const events = await trial.watch(jobId);
    expect(events.at(-1)).toMatchObject({ type: 'job.completed', data: { gaps: [] } });
    expect(events.map((event) => event.seq)).toEqual(events.map((_each, place) => place + 1));
    const attempts = await attemptsOf(trial, jobId);
    expect(attempts).toHaveLength(60);
    for (const { outcomes } of attempts) {
      expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    }
  } finally {
    await trial.close();
    await (again ?? cluster).remove();
  }
}, 150_000);

/** Keeps `count` workers alive as a supervisor would, until told to end. */
function keepWorking(trial: Trial, count: number) {
  const over = new AbortController();
  const keepers = Array.from({ length: count }, async () => {
    while (!over.signal.aborted) {
      const worker = await trial.startWorker({ SLOTS: '4' });
      await new Promise<void>((resolve) => {
        worker.child.once('exit', () => resolve());
      });
    }
  });
  return {
    end: async () => {
      over.abort();
      const { rows } = await trial.pool.query<{ pid: number }>(
        'SELECT pid FROM kernel.workers WHERE stopped_at IS NULL',
      );
      for (const { pid } of rows) killIfAlive(pid);
      await Promise.all(keepers);
    },
  };
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
