import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sweepUploads } from './uploads.ts';

async function dataDirWith(ages: Readonly<Record<string, number>>): Promise<string> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-uploads-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  await mkdir(path.join(dataDir, 'tmp'));
  for (const [name, minutes] of Object.entries(ages)) {
    const file = path.join(dataDir, 'tmp', name);
    await writeFile(file, 'half of it');
    const at = new Date(Date.now() - minutes * 60_000);
    await utimes(file, at, at);
  }
  return dataDir;
}

it('removes what a server that was killed has left of an upload, and nothing that still arrives', async () => {
  const dataDir = await dataDirWith({ dead: 61, arriving: 59 });
  await sweepUploads({ dataDir });
  expect(await readdir(path.join(dataDir, 'tmp'))).toEqual(['arriving']);
});

it('finds nothing to remove where nobody has sent anything yet', async () => {
  const dataDir = await dataDirWith({});
  await rm(path.join(dataDir, 'tmp'), { recursive: true });
  await expect(sweepUploads({ dataDir })).resolves.toBeUndefined();
});
