import { readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { done, failed, type WorkContext } from '../index.ts';
import { filesForTest, type FilesUnderTest } from '../testing/files.ts';
import { firstEvent, one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

const PUT = { name: 'voice.mp3', mediaType: 'audio/mpeg' };

async function* pieces() {
  yield Buffer.from('la ');
  yield Buffer.from('la');
}

/** Makes every file of the store look as if it had been there for two hours. */
async function age(files: FilesUnderTest): Promise<void> {
  const past = new Date(Date.now() - 7_200_000);
  for (const each of await files.paths()) await utimes(path.join(files.folder, each), past, past);
}

test('a file that a part has put is kept with its work, and its owner can read it', async () => {
  const files = await filesForTest();
  const ids: string[] = [];
  const run = async ({ word }: { word: string }, ctx: WorkContext) => {
    const { id, size } = await ctx.artifacts.put(PUT, pieces());
    ids.push(id);
    return done(`${word}: ${size} bytes`);
  };
  const { kernel, first, pool } = await kernelForTest({ pipelines: [toyPipeline({ run })], files });
  await first.work(1);
  const job = await submitWords(kernel, ['sing'], { ownerId: 7 });
  await watchToEnd(kernel, job.id);

  expect((await kernel.job(job.id, 7)).output).toEqual({ shouted: 'sing: 5 bytes' });
  const artifact = await kernel.openArtifact(ids[0]!, 7);
  expect(artifact).toMatchObject({ ...PUT, size: 5 });
  expect((await buffer(await artifact.read())).toString()).toBe('la la');
  expect((await buffer(await artifact.read({ start: 3, end: 4 }))).toString()).toBe('la');
  const row = await one(pool, 'SELECT owner_id, job_id, expires_at FROM kernel.artifacts');
  expect(row).toEqual({ owner_id: 7, job_id: null, expires_at: null });
  expect(await files.paths()).toEqual([expect.stringMatching(/^store\/[0-9a-f]{2}\//u)]);
});

test('a merge reads what the parts have put, and what it puts belongs to the job', async () => {
  const files = await filesForTest();
  const ids: string[] = [];
  const run = async ({ word }: { word: string }, ctx: WorkContext) => {
    ids.push((await ctx.artifacts.put(PUT, Buffer.from(word))).id);
    return done(word);
  };
  const merge = async (ctx: WorkContext) => {
    const all = await Promise.all(
      ids.map(async (id) => await buffer(await (await ctx.artifacts.open(id)).read())),
    );
    await ctx.artifacts.put({ ...PUT, name: 'all.mp3', keepSeconds: 3600 }, Buffer.concat(all));
  };
  const pipelines = [toyPipeline({ run, merge })];
  const { kernel, first, pool } = await kernelForTest({ pipelines, files });
  await first.work(2);
  // Shared works: the second job's merge reads files that belong to the first one's owner.
  const request = { scope: 'shared' };
  await watchToEnd(kernel, (await submitWords(kernel, ['a', 'b'], { ownerId: 1, ...request })).id);
  const job = await submitWords(kernel, ['a', 'b'], { ownerId: 2, ...request });
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 2)).toMatchObject({ status: 'completed' });
  const { rows } = await pool.query(
    `SELECT owner_id, job_id, size, expires_at - created_at = interval '1 hour' AS is_for_an_hour
       FROM kernel.artifacts
      WHERE name = 'all.mp3'
      ORDER BY owner_id`,
  );
  expect(rows).toEqual([
    { owner_id: 1, job_id: job.id - 1, size: 2, is_for_an_hour: true },
    { owner_id: 2, job_id: job.id, size: 2, is_for_an_hour: true },
  ]);
});

test('files of attempts that fail, ask for later or have nobody waiting are removed at once', async () => {
  const files = await filesForTest();
  const stage = createStage();
  const run = async (chunk: { word: string }, ctx: WorkContext) => {
    await ctx.artifacts.put(PUT, Buffer.from('draft'));
    await writeFile(path.join(await ctx.artifacts.folder(), 'frame.png'), 'frame');
    return await stage.run(chunk, ctx);
  };
  const pipelines = [toyPipeline({ run })];
  const { kernel, first, pool } = await kernelForTest({ pipelines, files });
  await first.work(1);

  const bad = await submitWords(kernel, ['bad']);
  (await stage.call('bad')).end(failed('toy.bad', 'No.'));
  await watchToEnd(kernel, bad.id);
  expect(await files.paths()).toEqual([]);

  const later = await submitWords(kernel, ['later']);
  (await stage.call('later')).end({ kind: 'retry_after', seconds: 3600, reason: 'the model' });
  await firstEvent(kernel, later.id, (event) => event.type === 'job.waiting');
  expect(await files.paths()).toEqual([]);

  const unwanted = await submitWords(kernel, ['unwanted']);
  const { ctx } = await stage.call('unwanted');
  const aborted = new Promise((resolve) => ctx.signal.addEventListener('abort', resolve));
  expect(await files.paths()).toHaveLength(2);
  await kernel.cancel(unwanted.id, 1, 1);
  await aborted;
  await expect.poll(() => files.paths()).toEqual([]);
  expect((await pool.query('SELECT FROM kernel.artifacts')).rowCount).toBe(0);
});

test('the file of an attempt that comes too late is never adopted, and goes away', async () => {
  const files = await filesForTest();
  let id = '';
  const run = async (_chunk: unknown, ctx: WorkContext) => {
    ({ id } = await ctx.artifacts.put(PUT, Buffer.from('late')));
    // Nobody notices before the next heartbeat, which does not come: no time passes.
    await kernel.cancel(ctx.jobId, null, 1);
    return done('late');
  };
  const pipelines = [toyPipeline({ run })];
  const under = await kernelForTest({ pipelines, files, time: 'driven' });
  const { kernel, first, pool, log } = under;
  const worker = await first.work(1);
  const job = await submitWords(kernel, ['late']);
  await watchToEnd(kernel, job.id);
  await worker.stop(10_000);

  expect(kernel.metrics.staleWrites.get('record')).toBe(1);
  expect((await pool.query('SELECT FROM kernel.artifacts')).rowCount).toBe(0);
  await expect(kernel.openArtifact(id, 1)).rejects.toMatchObject({ code: 'artifact.not_found' });
  expect(await files.paths()).toHaveLength(1);
  expect((await kernel.sweep()).orphans).toBe(0);
  await age(files);
  expect((await kernel.sweep()).orphans).toBe(1);
  expect(await files.paths()).toEqual([]);
  expect(log.lines).toContainEqual({
    level: 'info',
    message: 'A file that no row knows was removed',
    fields: expect.objectContaining({ size: 4 }),
  });
});

test('a work for which the disk has no room waits until there is, and uses up no try', async () => {
  const files = await filesForTest();
  let isFull = true;
  const run = async (_chunk: unknown, ctx: WorkContext) => {
    async function* content() {
      yield Buffer.from('some');
      if (isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    }
    await ctx.artifacts.put(PUT, content());
    return done('stored');
  };
  const pipelines = [toyPipeline({ run })];
  const under = await kernelForTest({ pipelines, files, time: 'driven' });
  const { kernel, first, pool } = under;
  await first.work(1);
  const job = await submitWords(kernel, ['big']);
  await under.elapse(70);
  const waiting = await one(
    pool,
    `SELECT status, failures, attempts > 1 AS many FROM kernel.works WHERE kind = 'chunk'`,
  );
  expect(waiting).toEqual({ status: 'queued', failures: 0, many: true });
  expect((await kernel.job(job.id, 1)).waiting_for).toMatchObject({ reason: 'room on the disk' });
  expect(await files.paths()).toEqual([]);

  isFull = false;
  await under.elapse(70);
  expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'completed' });
  expect(await files.paths()).toHaveLength(1);
});

test('a tool has a folder of its own while the attempt runs', async () => {
  const files = await filesForTest();
  const run = async ({ word }: { word: string }, ctx: WorkContext) => {
    const scratch = path.join(await ctx.artifacts.folder(), 'same name');
    await writeFile(scratch, word);
    await ctx.artifacts.put({ name: word, mediaType: 'text/plain' }, await readFile(scratch));
    return done(await readFile(scratch, 'utf8'));
  };
  const pipelines = [toyPipeline({ run })];
  const { kernel, first } = await kernelForTest({ pipelines, files });
  await first.work(3);
  const job = await submitWords(kernel, ['a', 'b', 'c']);
  await watchToEnd(kernel, job.id);
  expect((await kernel.job(job.id, 1)).output).toEqual({ shouted: 'a b c' });
  expect((await files.paths()).map((each) => each.split(path.sep)[0])).toEqual([
    'store',
    'store',
    'store',
  ]);
});

test('without a place for files a work that puts one is told so', async () => {
  const run = async (_chunk: unknown, ctx: WorkContext) => {
    const refused = await ctx.artifacts.put(PUT, pieces()).catch((error: unknown) => error);
    return done(refused instanceof Error && 'code' in refused ? String(refused.code) : 'put');
  };
  const { kernel, first } = await kernelForTest({ pipelines: [toyPipeline({ run })] });
  await first.work(1);
  const job = await submitWords(kernel, ['x']);
  await watchToEnd(kernel, job.id);
  expect((await kernel.job(job.id, 1)).output).toEqual({ shouted: 'artifact.no_store' });
});
