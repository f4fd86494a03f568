import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Kernel } from '../index.ts';
import { filesForTest } from '../testing/files.ts';
import { one } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';

/** Larger than what a stream reads ahead, so that a reader which stops has its file open. */
const CONTENT = randomBytes(1_000_000);

async function keep(kernel: Kernel, keepSeconds: number, ownerId = 1): Promise<string> {
  const upload = { ownerId, name: 'film.mp4', mediaType: 'video/mp4' };
  const file = await kernel.receive(upload, CONTENT);
  await kernel.transaction((tx) => kernel.keep(tx, file, { keepSeconds }));
  return file.id;
}

test('a download keeps its file while the sweeper runs, and the file goes after the lease', async () => {
  const files = await filesForTest();
  const under = await kernelForTest({ pipelines: [], files, time: 'driven' });
  const { kernel } = under;
  const id = await keep(kernel, 30);
  const stream = await (await kernel.openArtifact(id, 1)).read();
  const [firstPiece] = await once(stream, 'data');
  stream.pause();

  // Due for two minutes, longer than any single lease.
  await under.elapse(150);
  expect(await kernel.sweep()).toMatchObject({ artifacts: 0 });
  expect(await files.paths()).toHaveLength(1);
  await expect(kernel.openArtifact(id, 1)).rejects.toMatchObject({ code: 'artifact.not_found' });
  expect(Buffer.concat([firstPiece, await buffer(stream)]).equals(CONTENT)).toBe(true);

  await under.elapse(61);
  await kernel.sweep();
  expect(await files.paths()).toEqual([]);
});

test('a lease that nobody renews runs out: its reader may have died', async () => {
  const files = await filesForTest();
  const under = await kernelForTest({ pipelines: [], files, time: 'driven' });
  const { pool } = under;
  const dying = await under.another();
  const id = await keep(dying.kernel, 30);
  const stream = await (await dying.kernel.openArtifact(id, 1)).read();
  await dying.kill();
  stream.destroy();
  await under.elapse(55);
  expect((await pool.query('SELECT FROM kernel.artifacts')).rowCount).toBe(1);
  // The sweep of every minute, which nobody calls.
  await under.elapse(70);
  expect((await pool.query('SELECT FROM kernel.artifacts')).rowCount).toBe(0);
  expect(await files.paths()).toEqual([]);
});

test('whoever opens a file and reads it almost a minute later has it to the end, too', async () => {
  const files = await filesForTest();
  const under = await kernelForTest({ pipelines: [], files, time: 'driven' });
  const { kernel } = under;
  const artifact = await kernel.openArtifact(await keep(kernel, 1), 1);
  await under.elapse(55);
  const stream = await artifact.read();
  await under.elapse(10);
  expect(await kernel.sweep()).toMatchObject({ artifacts: 0 });
  expect((await buffer(stream)).equals(CONTENT)).toBe(true);
});

test('opening a file twice never shortens the lease of the first reader', async () => {
  const files = await filesForTest();
  const { kernel, pool } = await kernelForTest({ pipelines: [], files });
  const id = await keep(kernel, 3600);
  await pool.query(`UPDATE kernel.artifacts SET leased_until = now() + interval '1 hour'`);
  await kernel.openArtifact(id, 1);
  const { is_long: isLong } = await one<{ is_long: boolean }>(
    pool,
    `SELECT leased_until > now() + interval '50 minutes' AS is_long FROM kernel.artifacts`,
  );
  expect(isLong).toBe(true);
});

test('a file of another owner does not exist, and the operator sees every file', async () => {
  const files = await filesForTest();
  const { kernel, pool } = await kernelForTest({ pipelines: [], files });
  const id = await keep(kernel, 3600, 7);
  const notFound = { code: 'artifact.not_found' };
  await expect(kernel.openArtifact(id, 8)).rejects.toMatchObject(notFound);
  await expect(kernel.openArtifact(randomUUID(), 7)).rejects.toMatchObject(notFound);
  await expect(kernel.openArtifact('../../etc/passwd', 7)).rejects.toMatchObject(notFound);
  expect(await one(pool, 'SELECT leased_until FROM kernel.artifacts')).toEqual({
    leased_until: null,
  });
  expect(await kernel.openArtifact(id, 7)).toMatchObject({ id, size: CONTENT.length });
  expect(await kernel.openArtifact(id, null)).toMatchObject({ id, name: 'film.mp4' });
});

test('a file that the store has lost is an error with a name, not an empty download', async () => {
  const files = await filesForTest();
  const { kernel } = await kernelForTest({ pipelines: [], files });
  const id = await keep(kernel, 3600);
  await rm(path.join(files.folder, 'store'), { recursive: true });
  const artifact = await kernel.openArtifact(id, 1);
  await expect(artifact.read()).rejects.toMatchObject({ code: 'artifact.lost' });
});
