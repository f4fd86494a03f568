import { expect, test } from 'vitest';
import { z } from 'zod';
import { done, type Kernel, type WorkContext } from '../index.ts';
import { filesForTest } from '../testing/files.ts';
import { grantForTest } from '../testing/grants.ts';
import { one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

const DOCUMENT = { ownerId: 1, subject: 'book:1' };
const deleteIt = (kernel: Kernel) => kernel.transaction((tx) => kernel.deleteJobs(tx, DOCUMENT));

test('deleting a document deletes its jobs and what only they refer to', async () => {
  const files = await filesForTest();
  const run = async ({ word }: { word: string }, ctx: WorkContext) => {
    await ctx.memo('call', z.string(), () => Promise.resolve(word));
    await ctx.artifacts.put({ name: word, mediaType: 'text/plain' }, Buffer.from(word));
    return done(word === 'large' ? 'x'.repeat(300_000) : word);
  };
  const { kernel, first, pool } = await kernelForTest({ pipelines: [toyPipeline({ run })], files });
  await first.work(2);
  const handIn = async (words: string[], more: { ownerId: number; subject: string }) => {
    const job = await submitWords(kernel, words, { scope: 'shared', ...more });
    await watchToEnd(kernel, job.id);
    return job.id;
  };
  const mine = await handIn(['large', 'mine', 'both'], DOCUMENT);
  const other = await handIn(['both'], { ownerId: 1, subject: 'book:2' });
  const theirs = await handIn(['both', 'theirs'], { ownerId: 2, subject: 'book:1' });
  const retry = await kernel.retry(mine, 1);
  await watchToEnd(kernel, retry.id);
  const upload = { ownerId: 1, name: 'book.pdf', mediaType: 'application/pdf' };
  const file = await kernel.receive(upload, Buffer.from('%PDF'));
  await kernel.transaction((tx) => kernel.keep(tx, file, { subject: 'book:1' }));

  expect(await deleteIt(kernel)).toEqual([mine, retry.id]);
  await expect(kernel.openArtifact(file.id, 1)).rejects.toThrow('There is no file');
  // The book, the two parts' files and the large result.
  expect(await kernel.sweep()).toMatchObject({ artifacts: 4 });

  const { rows: jobs } = await pool.query('SELECT id FROM kernel.jobs ORDER BY id');
  expect(jobs).toEqual([{ id: other }, { id: theirs }]);
  const { rows: works } = await pool.query(
    `SELECT input ->> 'word' AS word FROM kernel.works WHERE kind = 'chunk' ORDER BY id`,
  );
  expect(works).toEqual([{ word: 'both' }, { word: 'theirs' }]);
  const left = await one(
    pool,
    `SELECT (SELECT count(*) FROM kernel.works WHERE kind <> 'chunk') AS plans_and_merges,
            (SELECT count(*) FROM kernel.chunks) AS chunks,
            (SELECT count(*) FROM kernel.memos) AS memos,
            (SELECT count(*) FROM kernel.artifacts) AS artifacts,
            (SELECT count(DISTINCT job_id) FROM kernel.events) AS logs`,
  );
  expect(left).toEqual({ plans_and_merges: 4, chunks: 3, memos: 2, artifacts: 2, logs: 2 });
  expect(await files.paths()).toHaveLength(2);
  expect(await deleteIt(kernel)).toEqual([]);
});

test('what runs for a deleted document is aborted, and what others wait for goes on', async () => {
  const stage = createStage();
  const ended: string[] = [];
  const pipelines = [
    toyPipeline({
      run: stage.run,
      onEnded: (_tx, { status, subject }) =>
        Promise.resolve(void ended.push(`${subject} ${status}`)),
    }),
  ];
  const { kernel, first, pool } = await kernelForTest({ pipelines });
  await first.work(3);
  await submitWords(kernel, ['both', 'mine', 'waits'], { ...DOCUMENT, parallel: 2 });
  const [both, mine] = [await stage.call('both'), await stage.call('mine')];
  const other = await submitWords(kernel, ['both'], { subject: 'book:2' });
  await expect.poll(async () => (await kernel.job(other.id, 1)).chunks[0]?.status).toBe('active');
  const aborted = new Promise((resolve) => mine.ctx.signal.addEventListener('abort', resolve));

  await deleteIt(kernel);
  await aborted;
  expect(ended).toEqual(['book:1 cancelled']);
  const { rows } = await pool.query(
    `SELECT input ->> 'word' AS word, status FROM kernel.works WHERE kind = 'chunk'`,
  );
  expect(rows).toEqual([{ word: 'both', status: 'running' }]);
  const tasks = await one(
    pool,
    `SELECT count(*) AS live FROM pgboss.job WHERE name = 'toy.v1' AND state < 'completed'`,
  );
  expect(tasks).toEqual({ live: 1 });
  expect(stage.runs('waits')).toBe(0);

  both.end(done('BOTH'));
  await watchToEnd(kernel, other.id);
  expect((await kernel.job(other.id, 1)).output).toEqual({ shouted: 'BOTH' });
});

test('whoever follows a job sees the end of its log when the job is deleted', async () => {
  const stage = createStage();
  const under = await kernelForTest({ pipelines: [toyPipeline({ run: stage.run })] });
  const { kernel, first } = under;
  await first.work(1);
  const elsewhere = await under.another();
  const job = await submitWords(kernel, ['word'], DOCUMENT);
  await stage.call('word');
  const watching = [kernel, elsewhere.kernel].map((each) => watchToEnd(each, job.id));
  await expect.poll(() => kernel.readers() + elsewhere.kernel.readers()).toBe(2);
  await deleteIt(kernel);
  for (const events of await Promise.all(watching)) {
    expect(events.map((event) => event.type)).not.toContain('job.completed');
  }
  expect(kernel.readers()).toBe(0);
});

test('a deletion that is rolled back has changed nothing', async () => {
  const stage = createStage();
  const { kernel, first } = await kernelForTest({ pipelines: [toyPipeline({ run: stage.run })] });
  await first.work(1);
  const job = await submitWords(kernel, ['word'], DOCUMENT);
  const call = await stage.call('word');
  const refused = kernel.transaction(async (tx) => {
    await kernel.deleteJobs(tx, DOCUMENT);
    throw new Error('no');
  });
  await expect(refused).rejects.toThrow('no');
  call.end(done('WORD'));
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'completed' });
});

test('documents that share their parts are deleted and worked on at once, and all of it ends', async () => {
  const under = await kernelForTest({ pipelines: [toyPipeline()] });
  const { kernel, first, pool } = under;
  await first.work(3);
  const second = await under.another();
  await second.work(3);
  const words = Array.from({ length: 12 }, (_each, place) => `word ${place}`);
  for (let round = 0; round < 2; round += 1) {
    const jobs = await Promise.all(
      [1, 2, 3, 4].map((book) =>
        submitWords(kernel, round % 2 === 0 ? words : words.toReversed(), {
          subject: `book:${book}`,
          generation: round,
        }),
      ),
    );
    await Promise.all(
      [1, 2].map((book) =>
        kernel.transaction((tx) => kernel.deleteJobs(tx, { ownerId: 1, subject: `book:${book}` })),
      ),
    );
    for (const job of jobs.slice(2)) {
      await watchToEnd(kernel, job.id);
      expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'completed', done_chunks: 12 });
    }
  }
  const { rows } = await pool.query(`SELECT DISTINCT subject FROM kernel.jobs ORDER BY subject`);
  expect(rows).toEqual([{ subject: 'book:3' }, { subject: 'book:4' }]);
  const orphans = await one(
    pool,
    `SELECT count(*) AS works
       FROM kernel.works w
      WHERE w.kind = 'chunk'
        AND NOT EXISTS (SELECT FROM kernel.chunks c WHERE c.work_id = w.id)`,
  );
  expect(orphans).toEqual({ works: 0 });
});

test('deleting an owner deletes every job, file and result that nobody else refers to, and no fact of the ledger', async () => {
  const files = await filesForTest();
  const run = async ({ word }: { word: string }, ctx: WorkContext) => {
    await ctx.artifacts.put({ name: word, mediaType: 'text/plain' }, Buffer.from(word));
    return done(word === 'both' ? 'x'.repeat(300_000) : word);
  };
  const { kernel, first, pool } = await kernelForTest({ pipelines: [toyPipeline({ run })], files });
  await first.work(2);
  const handIn = async (ownerId: number, words: string[], subject: string) => {
    const job = await submitWords(kernel, words, { scope: 'shared', ownerId, subject });
    await watchToEnd(kernel, job.id);
    return job.id;
  };
  await grantForTest(kernel, 1, 100);
  await handIn(1, ['mine', 'both'], 'book:1');
  await handIn(1, ['gone'], 'book:2');
  await kernel.transaction((tx) => kernel.deleteJobs(tx, { ownerId: 1, subject: 'book:2' }));
  const theirs = await handIn(2, ['both'], 'book:1');
  const upload = { ownerId: 1, name: 'book.pdf', mediaType: 'application/pdf' };
  const file = await kernel.receive(upload, Buffer.from('%PDF'));
  await kernel.transaction((tx) => kernel.keep(tx, file, { subject: 'book:1' }));

  await kernel.transaction((tx) => kernel.deleteOwner(tx, 1));
  await kernel.sweep();

  expect(await kernel.jobs({ ownerId: null, limit: 10 })).toMatchObject([{ id: theirs }]);
  const left = await one(
    pool,
    `SELECT (SELECT string_agg(input ->> 'word', ' ') FROM kernel.works WHERE kind = 'chunk') AS works,
            (SELECT count(*) FROM kernel.artifacts) AS artifacts`,
  );
  expect(left).toEqual({ works: 'both', artifacts: 2 });
  expect(await files.paths()).toHaveLength(2);
  expect(await kernel.credits.entries(1, { limit: 10 })).toMatchObject([{ kind: 'grant' }]);
});

test('the history of an owner goes after its days, open jobs and files of documents stay', async () => {
  const stage = createStage();
  const run = (chunk: { word: string }, ctx: WorkContext) =>
    chunk.word === 'open' ? stage.run(chunk, ctx) : Promise.resolve(done(chunk.word));
  const { kernel, first, pool } = await kernelForTest({ pipelines: [toyPipeline({ run })] });
  await first.work(1);
  const [old, fresh, theirs] = [
    await submitWords(kernel, ['old'], { ownerId: 1 }),
    await submitWords(kernel, ['fresh'], { ownerId: 1 }),
    await submitWords(kernel, ['theirs'], { ownerId: 2 }),
  ];
  for (const { id } of [old, fresh, theirs]) await watchToEnd(kernel, id);
  const open = await submitWords(kernel, ['open'], { ownerId: 1 });
  await stage.call('open');
  await pool.query(
    `UPDATE kernel.jobs SET finished_at = finished_at - interval '8 days' WHERE id = ANY ($1)`,
    [[old.id, theirs.id]],
  );
  expect(await kernel.deleteHistory(1, 7)).toBe(1);
  const left = await kernel.jobs({ ownerId: null, limit: 10 });
  expect(left.map(({ id }) => id)).toEqual([open.id, theirs.id, fresh.id]);
  const { rows } = await pool.query(`SELECT FROM kernel.works WHERE input ->> 'word' = 'old'`);
  expect(rows).toEqual([]);
});
