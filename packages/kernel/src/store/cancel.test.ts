import type { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { done, JobNotFoundError, TransitionError, type WorkContext } from '../index.ts';
import { firstEvent, one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest, type KernelUnderTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline, type ToyOptions } from '../testing/toy-pipeline.ts';

/* Cancel ends the job at once, stops the code of what only it wanted, and closes the door on results that come late. */

const PLACES = ['plan', 'chunk', 'merge'] as const;
type Place = (typeof PLACES)[number];

/** A pipeline whose code at one place waits for the test, and whose code does not obey its signal. */
function holdAt(place: Place) {
  const begun = Promise.withResolvers<WorkContext>();
  const held = Promise.withResolvers<void>();
  const hold = (ctx: WorkContext) => {
    begun.resolve(ctx);
    return held.promise;
  };
  const options: Record<Place, ToyOptions> = {
    plan: { plan: (_words, ctx) => hold(ctx) },
    chunk: {
      run: async ({ word }, ctx) => {
        if (word === 'b') await hold(ctx);
        return done(word.toUpperCase());
      },
    },
    merge: { merge: hold },
  };
  return { pipeline: toyPipeline(options[place]), begun: begun.promise, end: held.resolve };
}

/** A job whose code is at work at this place. */
async function atWork(place: Place) {
  const { pipeline, begun, end } = holdAt(place);
  const under = await kernelForTest({ pipelines: [pipeline], time: 'driven' });
  onTestFinished(() => end());
  await under.work(1);
  // One slot: while "b" is at work, "c" is in the queue.
  const job = await submitWords(under.kernel, ['a', 'b', 'c']);
  const ctx = await begun;
  await under.elapse(0);
  return { ...under, jobId: job.id, ctx, end };
}

/** The tasks that somebody runs or will run. */
async function liveTasks(pool: Pool): Promise<unknown[]> {
  const { rows } = await pool.query(
    `SELECT name, state, data FROM pgboss.job WHERE state < 'completed' AND data ? 'workId'`,
  );
  return rows;
}

/** All that the kernel knows of its jobs. */
async function everything({ pool }: KernelUnderTest): Promise<unknown[]> {
  const { rows } = await pool.query(
    `SELECT to_jsonb(j) AS job,
            (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.index) FROM kernel.chunks c WHERE c.job_id = j.id) AS chunks,
            (SELECT jsonb_agg(to_jsonb(e) ORDER BY e.seq) FROM kernel.events e WHERE e.job_id = j.id) AS events,
            (SELECT jsonb_agg(to_jsonb(w) ORDER BY w.id) FROM kernel.works w) AS works
       FROM kernel.jobs j
      ORDER BY j.id`,
  );
  return rows;
}

const CHUNKS: Record<Place, readonly string[]> = {
  plan: [],
  chunk: ['done', 'skipped', 'skipped'],
  merge: ['done', 'done', 'done'],
};

test.each(PLACES)(
  'a cancel during the %s ends the job at once and aborts its code within a beat',
  async (place) => {
    const { kernel, pool, jobId, ctx, elapse } = await atWork(place);
    expect(await liveTasks(pool)).not.toEqual([]);

    expect(await kernel.cancel(jobId, 1, 7)).toMatchObject({ status: 'cancelled' });
    const view = await kernel.job(jobId, 1);
    expect(view).toMatchObject({ status: 'cancelled', output: null });
    expect(view.progress_percent).toBeLessThan(100);
    expect(view.chunks.map((chunk) => chunk.status)).toEqual(CHUNKS[place]);
    expect(await liveTasks(pool)).toEqual([]);
    expect((await kernel.events(jobId, 0)).at(-1)).toMatchObject({
      type: 'job.cancelled',
      data: { cancelled_by: 7 },
    });

    await elapse(1);
    expect(ctx.signal.aborted).toBe(true);
    expect(kernel.metrics.staleWrites).toEqual(new Map([['beat', 1]]));
  },
);

test.each(PLACES)(
  'a result of the %s that comes after its abort changes nothing',
  async (place) => {
    const held = await atWork(place);
    await held.kernel.cancel(held.jobId, 1, 1);
    await held.elapse(1);
    expect(held.ctx.signal.aborted).toBe(true);
    const before = await everything(held);
    held.end();
    await held.elapse(2);
    expect(await everything(held)).toEqual(before);
    expect(await liveTasks(held.pool)).toEqual([]);
    expect(held.kernel.metrics.staleWrites).toEqual(new Map([['beat', 1]]));
  },
);

test.each(PLACES)(
  'a result of the %s that comes before its code has heard of the cancel is refused and counted',
  async (place) => {
    const held = await atWork(place);
    await held.kernel.cancel(held.jobId, 1, 1);
    const before = await everything(held);
    held.end();
    await held.elapse(0);
    expect(held.ctx.signal.aborted).toBe(false);
    expect(await everything(held)).toEqual(before);
    expect(await liveTasks(held.pool)).toEqual([]);
    expect(held.kernel.metrics.staleWrites).toEqual(new Map([['record', 1]]));
  },
);

/** A kernel on driven time whose parts are in the hands of the test. */
async function withStage(slots: number, isHeld?: (word: string) => boolean) {
  const stage = createStage(isHeld);
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  await under.work(slots);
  return { ...under, stage };
}

test('a part that another job waits for goes on, and that job completes with it', async () => {
  const { kernel, pool, stage, elapse } = await withStage(3);
  const first = await submitWords(kernel, ['shared', 'own']);
  const shared = await stage.call('shared');
  const own = await stage.call('own');
  const second = await submitWords(kernel, ['shared']);
  await firstEvent(kernel, second.id, (event) => event.type === 'job.planned');

  await kernel.cancel(first.id, 1, 1);
  await elapse(2);
  expect(own.ctx.signal.aborted).toBe(true);
  expect(shared.ctx.signal.aborted).toBe(false);
  expect(
    await one(pool, `SELECT job_id, status FROM kernel.works WHERE input ->> 'word' = 'shared'`),
  ).toEqual({ job_id: second.id, status: 'running' });

  shared.end(done('FROM THE FIRST'));
  await watchToEnd(kernel, second.id);
  expect(await kernel.job(second.id, 1)).toMatchObject({
    status: 'completed',
    output: { shouted: 'FROM THE FIRST' },
    gaps: [],
  });
  expect(stage.runs('shared')).toBe(1);
  expect(await kernel.job(first.id, 1)).toMatchObject({
    status: 'cancelled',
    done_chunks: 0,
    skipped_chunks: 2,
  });
});

test('a queued part that nobody wants any more leaves the queue, and runs when somebody wants it anew', async () => {
  const { kernel, pool, stage, elapse } = await withStage(1, (word) => word === 'held');
  const works = `SELECT status, attempts FROM kernel.works WHERE input ->> 'word' = 'queued'`;
  const job = await submitWords(kernel, ['held', 'queued']);
  const held = await stage.call('held');
  expect(await one(pool, works)).toEqual({ status: 'queued', attempts: 0 });

  await kernel.cancel(job.id, 1, 1);
  expect(await one(pool, works)).toEqual({ status: 'idle', attempts: 0 });
  expect(await liveTasks(pool)).toEqual([]);
  await elapse(2);
  expect(held.ctx.signal.aborted).toBe(true);
  // The slot is free, and still nobody runs it.
  expect(stage.begun).toEqual(['held']);

  const again = await submitWords(kernel, ['queued']);
  await watchToEnd(kernel, again.id);
  expect(stage.begun).toEqual(['held', 'queued']);
  expect(await kernel.job(again.id, 1)).toMatchObject({ output: { shouted: 'QUEUED' } });
  expect(await one(pool, works)).toEqual({ status: 'done', attempts: 1 });
});

test('the late result of a cancelled run is not taken for that of the run somebody wanted anew', async () => {
  const { kernel, stage, elapse } = await withStage(3);
  const job = await submitWords(kernel, ['word']);
  const late = await stage.call('word');
  await kernel.cancel(job.id, 1, 1);
  const again = await submitWords(kernel, ['word']);
  const current = await stage.call('word', 2);
  late.end(done('LATE'));
  await elapse(1);
  expect(kernel.metrics.staleWrites).toEqual(new Map([['record', 1]]));
  expect(current.ctx.signal.aborted).toBe(false);
  current.end(done('CURRENT'));
  await watchToEnd(kernel, again.id);
  expect(await kernel.job(again.id, 1)).toMatchObject({ output: { shouted: 'CURRENT' } });
});

test('a job that no worker has taken yet is cancelled and never starts', async () => {
  const { pipeline } = holdAt('plan');
  const under = await kernelForTest({ pipelines: [pipeline], time: 'driven' });
  const { kernel, pool } = under;
  const job = await submitWords(kernel, ['a']);
  await kernel.cancel(job.id, null, 1);
  expect(await liveTasks(pool)).toEqual([]);
  await under.work(1);
  await under.elapse(2);
  expect((await kernel.events(job.id, 0)).map((event) => event.type)).toEqual([
    'job.accepted',
    'job.cancelled',
  ]);
  expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'cancelled', progress_percent: 0 });
});

test('only the owner cancels, and only once; what has ended otherwise stays as it is', async () => {
  const under = await withStage(1, (word) => word === 'held');
  const { kernel } = under;
  const job = await submitWords(kernel, ['held']);
  await under.stage.call('held');
  const running = await everything(under);
  await expect(kernel.cancel(job.id, 2, 2)).rejects.toThrow(JobNotFoundError);
  await expect(kernel.cancel(job.id + 1, 1, 1)).rejects.toThrow(JobNotFoundError);
  expect(await everything(under)).toEqual(running);

  await kernel.cancel(job.id, 1, 1);
  const cancelled = await everything(under);
  expect(await kernel.cancel(job.id, 1, 3)).toMatchObject({ id: job.id, status: 'cancelled' });
  expect(await everything(under)).toEqual(cancelled);

  await under.elapse(1);
  const whole = await submitWords(kernel, ['x']);
  await watchToEnd(kernel, whole.id);
  const completed = await everything(under);
  await expect(kernel.cancel(whole.id, 1, 1)).rejects.toThrow(TransitionError);
  expect(await everything(under)).toEqual(completed);
});

/** What other connections to this database have open: transactions, and locks on the kernel's and the queue's tables. */
async function heldByOthers(pool: Pool) {
  const others = `a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'`;
  const { rows: transactions } = await pool.query(
    `SELECT a.state, a.query FROM pg_stat_activity a WHERE ${others} AND a.xact_start IS NOT NULL`,
  );
  const { rows: locks } = await pool.query(
    `SELECT l.relation::regclass::text AS relation, l.mode
       FROM pg_locks l
       JOIN pg_stat_activity a ON a.pid = l.pid
       JOIN pg_class c ON c.oid = l.relation
      WHERE ${others}
        AND c.relnamespace IN ('kernel'::regnamespace, 'pgboss'::regnamespace)`,
  );
  const { rows: connections } = await pool.query(`SELECT FROM pg_stat_activity a WHERE ${others}`);
  return { transactions, locks, connections: connections.length };
}

test.each(PLACES)(
  'while the code of the %s runs, no transaction is open and no table is locked',
  async (place) => {
    const { pool, kernel, jobId, end, elapse } = await atWork(place);
    for (const seconds of [0, 1, 3]) {
      await elapse(seconds);
      const held = await heldByOthers(pool);
      expect(held).toMatchObject({ transactions: [], locks: [] });
      expect(held.connections).toBeGreaterThan(1);
    }
    end();
    expect((await watchToEnd(kernel, jobId)).at(-1)?.type).toBe('job.completed');
  },
);
