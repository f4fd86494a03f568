import { randomUUID } from 'node:crypto';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { done, openDiskStore, type BlobStore, type Kernel } from '../index.ts';
import { filesForTest, folderForTest, type FilesUnderTest } from '../testing/files.ts';
import { submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

async function keepFor(kernel: Kernel, keepSeconds: number, name = 'a'): Promise<void> {
  const upload = { ownerId: 1, name, mediaType: 'text/plain' };
  const file = await kernel.receive(upload, Buffer.from(name));
  await kernel.transaction((tx) => kernel.keep(tx, file, { keepSeconds }));
}

async function setAge(file: string, minutes: number): Promise<void> {
  const then = new Date(Date.now() - minutes * 60_000);
  await utimes(file, then, then);
}

async function ageAll(files: FilesUnderTest, minutes: number): Promise<void> {
  for (const each of await files.paths()) await setAge(path.join(files.folder, each), minutes);
}

test('due files go, row and file, and are logged; the others stay', async () => {
  const files = await filesForTest();
  const { kernel, pool, log } = await kernelForTest({ pipelines: [], files });
  await keepFor(kernel, 0, 'due');
  await keepFor(kernel, 3600, 'not due');
  expect(await kernel.sweep()).toMatchObject({ artifacts: 1, orphans: 0 });
  const { rows } = await pool.query('SELECT name FROM kernel.artifacts');
  expect(rows).toEqual([{ name: 'not due' }]);
  expect(await files.paths()).toHaveLength(1);
  expect(log.lines.map(({ message, fields }) => ({ message, ...fields }))).toEqual([
    expect.objectContaining({ message: 'An expired file was removed', name: 'due', size: 3 }),
  ]);
});

test('a sweep that dies between row and file is completed by the next', async () => {
  const folder = await folderForTest();
  const disk = openDiskStore(folder);
  let isBroken = true;
  const store: BlobStore = {
    ...disk,
    remove: async (name) => {
      if (isBroken) throw new Error('the process died here');
      await disk.remove(name);
    },
  };
  const files = await filesForTest({ store });
  const { kernel, pool } = await kernelForTest({ pipelines: [], files });
  await keepFor(kernel, 0);
  await kernel.sweep();
  expect((await pool.query('SELECT FROM kernel.artifacts')).rowCount).toBe(0);
  const [blob] = await Array.fromAsync(disk.list());
  await setAge(path.join(folder, blob!.name.slice(0, 2), blob!.name), 120);
  isBroken = false;
  expect(await kernel.sweep()).toMatchObject({ artifacts: 0, orphans: 1 });
  expect(await Array.fromAsync(disk.list())).toEqual([]);
});

test('a file that cannot be removed keeps no other', async () => {
  const disk = openDiskStore(await folderForTest());
  let refused = 0;
  const store: BlobStore = {
    ...disk,
    remove: async (name) => {
      refused += 1;
      if (refused === 1) throw new Error('EBUSY');
      await disk.remove(name);
    },
  };
  const files = await filesForTest({ store });
  const { kernel, log } = await kernelForTest({ pipelines: [], files });
  for (const name of ['a', 'b', 'c']) await keepFor(kernel, 0, name);
  expect(await kernel.sweep()).toMatchObject({ artifacts: 2 });
  expect(await Array.fromAsync(disk.list())).toHaveLength(1);
  expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
});

test('files without a row go after an hour, those with one never, however many there are', async () => {
  const files = await filesForTest();
  const { kernel } = await kernelForTest({ pipelines: [], files });
  const upload = { ownerId: 1, name: 'lost', mediaType: 'text/plain' };
  await keepFor(kernel, 3600);
  await kernel.receive(upload, Buffer.from('an hour ago'));
  await ageAll(files, 61);
  await kernel.receive(upload, Buffer.from('just now'));
  expect(await kernel.sweep()).toMatchObject({ orphans: 1 });
  expect(await files.paths()).toHaveLength(2);
  expect(await kernel.sweep()).toMatchObject({ orphans: 0 });
});

test('work folders of attempts that are over go, those of running ones stay', async () => {
  const files = await filesForTest();
  const stage = createStage((word) => word === 'running');
  const pipelines = [toyPipeline({ run: stage.run })];
  const { kernel, first, pool } = await kernelForTest({ pipelines, files });
  await first.work(2);
  await watchToEnd(kernel, (await submitWords(kernel, ['ended'])).id);
  const job = await submitWords(kernel, ['running']);
  const call = await stage.call('running');
  const { ctx } = call;
  const scratch = await ctx.artifacts.folder();
  await writeFile(path.join(scratch, 'frame'), 'x');
  const running = path.basename(path.dirname(scratch));
  const { rows } = await pool.query<{ work_id: number; task_id: string; delivery: number }>(
    `SELECT work_id, task_id, delivery FROM kernel.attempts WHERE ended_at IS NOT NULL`,
  );
  const ended = rows.map((row) => `${row.work_id}.${row.delivery}.${row.task_id}`);
  const earlier = `${ctx.workId}.0.${running.split('.')[2]}`;
  const [upload, recent] = [`upload.${randomUUID()}`, `upload.${randomUUID()}`];
  const theirs = 'somebody else’s';
  for (const name of [...ended, earlier, upload, recent, theirs]) {
    await mkdir(path.join(files.workFolder, name));
    await writeFile(path.join(files.workFolder, name, 'file'), 'x');
  }
  const folders = await readdir(files.workFolder);
  for (const name of folders) {
    const minutes = name === recent ? 50 : 61;
    for (const each of await readdir(path.join(files.workFolder, name))) {
      await setAge(path.join(files.workFolder, name, each), minutes);
    }
    await setAge(path.join(files.workFolder, name), minutes);
  }
  expect(ended.length).toBeGreaterThan(2);
  expect(await kernel.sweep()).toMatchObject({ folders: ended.length + 2 });
  expect((await readdir(files.workFolder)).sort()).toEqual([running, recent, theirs].sort());

  call.end(done('RUNNING'));
  await watchToEnd(kernel, job.id);
  expect((await readdir(files.workFolder)).sort()).toEqual([recent, theirs].sort());
});

test('an attempt that has just ended keeps its folder: its code may still be obeying', async () => {
  const files = await filesForTest();
  const { kernel } = await kernelForTest({ pipelines: [], files });
  const name = `1.1.${randomUUID()}`;
  await mkdir(path.join(files.workFolder, name), { recursive: true });
  expect(await kernel.sweep()).toMatchObject({ folders: 0 });
  await setAge(path.join(files.workFolder, name), 6);
  expect(await kernel.sweep()).toMatchObject({ folders: 1 });
});

test('processes that sweep at once remove each file once', async () => {
  const files = await filesForTest();
  const under = await kernelForTest({ pipelines: [], files });
  const { kernel, pool } = under;
  const others = [await under.another(), await under.another()];
  for (let file = 0; file < 150; file += 1) await keepFor(kernel, 0, `file ${file}`);
  const swept = await Promise.all(
    [kernel, ...others.map((each) => each.kernel)].map((each) => each.sweep()),
  );
  expect(swept.reduce((sum, each) => sum + each.artifacts, 0)).toBe(150);
  expect((await pool.query('SELECT FROM kernel.artifacts')).rowCount).toBe(0);
  expect(await files.paths()).toEqual([]);
});

test('a row that a reader is just leasing is left to the next sweep', async () => {
  const files = await filesForTest();
  const { kernel, pool } = await kernelForTest({ pipelines: [], files });
  await keepFor(kernel, 0);
  const reader = await pool.connect();
  await reader.query('BEGIN');
  await reader.query(`UPDATE kernel.artifacts SET leased_until = now() + interval '1 minute'`);
  expect(await kernel.sweep()).toMatchObject({ artifacts: 0 });
  await reader.query('ROLLBACK');
  reader.release();
  expect(await kernel.sweep()).toMatchObject({ artifacts: 1 });
});
