import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { filesForTest } from '../testing/files.ts';
import { one } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';

const UPLOAD = { ownerId: 4, name: 'slides.pptx', mediaType: 'application/octet-stream' };

test('what is handed in counts once the transaction that keeps it is committed', async () => {
  const files = await filesForTest();
  const { kernel, pool } = await kernelForTest({ pipelines: [], files });
  const content = randomBytes(100_000);
  const file = await kernel.receive(UPLOAD, content);
  await expect(kernel.openArtifact(file.id, 4)).rejects.toMatchObject({
    code: 'artifact.not_found',
  });
  const refused = kernel.transaction(async (tx) => {
    await kernel.keep(tx, file, { subject: 'deck:1' });
    throw new Error('the rest of the request was refused');
  });
  await expect(refused).rejects.toThrow('refused');
  expect((await pool.query('SELECT FROM kernel.artifacts')).rowCount).toBe(0);

  await kernel.transaction((tx) => kernel.keep(tx, file, { subject: 'deck:1' }));
  const artifact = await kernel.openArtifact(file.id, 4);
  expect((await buffer(await artifact.read())).equals(content)).toBe(true);
  expect(await one(pool, 'SELECT subject, expires_at, size FROM kernel.artifacts')).toEqual({
    subject: 'deck:1',
    expires_at: null,
    size: 100_000,
  });
});

test('an upload that breaks off leaves nothing', async () => {
  const files = await filesForTest();
  const { kernel } = await kernelForTest({ pipelines: [], files });
  async function* content() {
    yield randomBytes(50_000);
    throw new Error('the client has gone');
  }
  await expect(kernel.receive(UPLOAD, content())).rejects.toThrow('the client has gone');
  expect(await files.paths()).toEqual([]);
});

test('an upload stops where the quota ends, whatever was announced', async () => {
  const files = await filesForTest();
  const limits = { storedBytes: 150_000 };
  const { kernel, pool } = await kernelForTest({ pipelines: [], files, limits });
  const first = await kernel.receive(UPLOAD, randomBytes(100_000));
  await kernel.transaction((tx) => kernel.keep(tx, first, { subject: 'deck:1' }));
  let sent = 0;
  async function* endless() {
    for (;;) {
      sent += 10_000;
      yield randomBytes(10_000);
    }
  }
  await expect(kernel.receive({ ...UPLOAD, size: 10 }, endless())).rejects.toMatchObject({
    code: 'admission.quota_exceeded',
  });
  expect(sent).toBe(60_000);
  expect(await files.paths()).toHaveLength(1);
  expect((await pool.query('SELECT FROM kernel.artifacts')).rowCount).toBe(1);
});

test('a name is shown and stored without what a database or a header would refuse', async () => {
  const files = await filesForTest();
  const { kernel } = await kernelForTest({ pipelines: [], files });
  const name = `../a\0b\r\nSet-Cookie: x${'é'.repeat(300)}`;
  const file = await kernel.receive({ ...UPLOAD, name }, Buffer.from('x'));
  await kernel.transaction((tx) => kernel.keep(tx, file, { keepSeconds: 60 }));
  const artifact = await kernel.openArtifact(file.id, 4);
  expect(artifact.name).toBe(`../abSet-Cookie: x${'é'.repeat(300)}`.slice(0, 255));
});
