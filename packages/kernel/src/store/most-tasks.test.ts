import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { done, type JobRequest } from '../index.ts';
import { firstEvent, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { beginTransaction, isWaitedFor } from '../testing/locks.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

const WORDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

async function underTest() {
  const stage = createStage();
  const under = await kernelForTest({ pipelines: [toyPipeline({ run: stage.run })] });
  return { ...under, stage };
}

/** Two slots, and a job that may use both, with its first two parts at work. */
async function twoAtWork(more: Partial<JobRequest> = {}) {
  const under = await underTest();
  await under.work(2);
  const job = await submitWords(under.kernel, WORDS, { parallel: 2, ...more });
  const [first] = await Promise.all([under.stage.call('a'), under.stage.call('b')]);
  return { ...under, job, first };
}

/** Parts in the queue or at work. */
async function released(pool: Pool, jobId: number): Promise<number> {
  const { rowCount } = await pool.query(
    `SELECT FROM kernel.chunks WHERE job_id = $1 AND status = 'active'`,
    [jobId],
  );
  return rowCount ?? 0;
}

/** A worker of another machine, as far as the database knows. */
async function otherWorker(pool: Pool, slots: number, silentSeconds: number): Promise<void> {
  await pool.query(
    `INSERT INTO kernel.workers (id, name, host, pid, slots, started_at, last_beat_at)
     VALUES (gen_random_uuid(), 'other', 'elsewhere', 1, $1, now() - interval '1 hour', now() - make_interval(secs => $2))`,
    [slots, silentSeconds],
  );
}

test('a slot that becomes free begins the next part of its job before the last one is recorded', async () => {
  const { kernel, pool, stage, job, first } = await twoAtWork();
  const other = await beginTransaction(pool);
  await other.query('SELECT FROM kernel.jobs WHERE id = $1 FOR UPDATE', [job.id]);
  first.end(done('A'));
  await stage.call('c');
  await isWaitedFor(pool, other);
  expect((await kernel.job(job.id, 1)).done_chunks).toBe(0);
  await other.query('ROLLBACK');
  for (const word of WORDS.slice(1)) (await stage.call(word)).end(done(word));
  await watchToEnd(kernel, job.id);
});

test('the parts that stand behind those at work are told of as waiting', async () => {
  const { kernel, pool, job } = await twoAtWork();
  expect(await released(pool, job.id)).toBe(4);
  const { chunks } = await kernel.job(job.id, 1);
  expect(chunks.slice(0, 5).map(({ status }) => status)).toEqual([
    'active',
    'active',
    'waiting',
    'waiting',
    'waiting',
  ]);
});

test.each([
  { slots: 2, parallel: 3, tasks: 4 },
  { slots: 1, parallel: 4, tasks: 4 },
  { slots: 3, parallel: 2, tasks: 2 },
])(
  '$tasks tasks are in the queue of a job of which $parallel may run at once, on $slots slots',
  async ({ slots, parallel, tasks }) => {
    const { kernel, pool, work } = await underTest();
    await work(slots);
    const job = await submitWords(kernel, WORDS, { parallel });
    await firstEvent(kernel, job.id, ({ type }) => type === 'job.planned');
    expect(await released(pool, job.id)).toBe(tasks);
  },
);

test('where workers together have more slots than a job may use, its tasks are no more than its parts at once', async () => {
  const { kernel, pool, stage, work, another } = await underTest();
  const second = await another();
  await work(2);
  await second.work(2);
  const job = await submitWords(kernel, WORDS, { parallel: 2 });
  await Promise.all([stage.call('a'), stage.call('b')]);
  expect(await released(pool, job.id)).toBe(2);
  expect(stage.begun).toHaveLength(2);
});

test.each([
  { seconds: 11, tasks: 4, counts: 'count for nothing' },
  { seconds: 0, tasks: 2, counts: 'count' },
])(
  'the slots of a worker that was silent for $seconds seconds $counts',
  async ({ seconds, tasks }) => {
    const { kernel, pool, work } = await underTest();
    await otherWorker(pool, 8, seconds);
    await work(2);
    const job = await submitWords(kernel, WORDS, { parallel: 2 });
    await firstEvent(kernel, job.id, ({ type }) => type === 'job.planned');
    expect(await released(pool, job.id)).toBe(tasks);
  },
);

test('while another job waits for a place, nothing is released behind what is at work', async () => {
  const { kernel, pool, job, first } = await twoAtWork();
  expect(await released(pool, job.id)).toBe(4);
  // Two: one of them waits whenever the part is recorded, because one slot becomes free.
  await submitWords(kernel, ['x'], { ownerId: 2 });
  await submitWords(kernel, ['y'], { ownerId: 3 });
  first.end(done('A'));
  await firstEvent(kernel, job.id, ({ type }) => type === 'chunk.settled');
  expect(await released(pool, job.id)).toBe(3);
});

test('a job of a waiting person, which may take the slot that is kept for one, keeps to its number', async () => {
  const { pool, job } = await twoAtWork({ class: 'waiting' });
  expect(await released(pool, job.id)).toBe(2);
});
