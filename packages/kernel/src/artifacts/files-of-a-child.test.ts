import { fileURLToPath } from 'node:url';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { aloneInChild, done } from '../index.ts';
import { filesForTest } from '../testing/files.ts';
import { submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

const CHILD = fileURLToPath(new URL('../testing/alone-child.ts', import.meta.url));

function setVariable(name: string, value: string): void {
  process.env[name] = value;
  onTestFinished(() => void delete process.env[name]);
}

test('what a work puts that runs alone in a child process is adopted by its parent’s record', async () => {
  const files = await filesForTest();
  const stage = createStage();
  const runAlone = aloneInChild(CHILD);
  const pipelines = [toyPipeline({ run: stage.run })];
  const { kernel, first, pool, database } = await kernelForTest({ pipelines, files, runAlone });
  setVariable('TEST_DATABASE', database.connectionString);
  setVariable('TEST_FILES', files.folder);
  await first.work(1);
  const job = await submitWords(kernel, ['innocent', 'suspect', 'large'], { parallel: 3 });
  const innocent = await stage.call('innocent');
  await pool.query(`UPDATE kernel.works SET is_alone = true WHERE status = 'queued'`);
  innocent.end(done('INNOCENT'));
  await watchToEnd(kernel, job.id);

  const results = await Array.fromAsync(kernel.results(job.id, 1));
  expect(results.map((each) => each.status)).toEqual(['done', 'done', 'done']);
  const [, suspect, large] = results.map((each) => ('result' in each ? String(each.result) : ''));
  const artifact = await kernel.openArtifact(suspect!, 1);
  expect((await buffer(await artifact.read())).toString()).toBe('suspect');
  expect(artifact.name).toMatch(/^pid \d+$/u);
  expect(artifact.name).not.toBe(`pid ${process.pid}`);
  expect(large).toHaveLength(300_000);
  expect((await files.paths()).every((each) => each.startsWith('store'))).toBe(true);
  expect(await files.paths()).toHaveLength(3);
});
