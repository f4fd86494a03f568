import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';
import { isTerminal, move, TRANSITIONS } from './transitions.ts';

/** A status in the `SET` of a statement that no guard has put there. */
const OWN_STATUS = /SET(?:(?!FROM|WHERE)[^;`])*?\bstatus = '/u;
const STORE = new URL('../store/', import.meta.url);

test('no terminal status of a job or a chunk has a way out, and a done work stays done', () => {
  const waysOut = (entity: keyof typeof TRANSITIONS) =>
    new Set(Object.values(TRANSITIONS[entity]).flatMap(({ from }): string[] => [...from]));
  for (const status of ['completed', 'failed', 'cancelled'] as const) {
    expect(isTerminal(status)).toBe(true);
    expect(waysOut('job')).not.toContain(status);
  }
  for (const status of ['done', 'failed', 'skipped']) {
    expect(waysOut('chunk')).not.toContain(status);
  }
  expect(waysOut('work')).not.toContain('done');
});

test('a guard names the statuses of its transition and no others', () => {
  expect(move('job', 'cancel')).toMatchObject({ set: `status = 'cancelled'` });
  expect(move('job', 'cancel').when('j')).toBe(`j.status IN ('pending', 'processing')`);
});

test('no statement of the store sets a status by itself, and no transition is without a statement', async () => {
  const files = (await readdir(STORE)).filter((name) => /(?<!\.test)\.ts$/u.test(name));
  const sources = await Promise.all(
    files.map((name) => readFile(path.join(STORE.pathname, name), 'utf8')),
  );
  for (const [place, source] of sources.entries()) {
    expect({ file: files[place], sets: source.match(OWN_STATUS) }).toEqual({
      file: files[place],
      sets: null,
    });
  }
  const all = sources.join('\n');
  for (const [entity, transitions] of Object.entries(TRANSITIONS)) {
    for (const name of Object.keys(transitions)) {
      expect({ entity, name, isUsed: all.includes(`'${name}'`) }).toMatchObject({ isUsed: true });
    }
  }
});

/* Every database of the kernel's tests has the triggers of testing/guard.ts; this shows that they are awake. */
test('a database under test refuses a transition that is not in the table, and a change of what has ended', async () => {
  const { kernel, pool, work } = await kernelForTest({ pipelines: [toyPipeline()] });
  const open = await submitWords(kernel, ['a']);
  await expect(
    pool.query(`UPDATE kernel.works SET status = 'done', finished_at = now() WHERE kind = 'plan'`),
  ).rejects.toThrow('The work went from queued to done');
  await expect(
    pool.query('UPDATE kernel.jobs SET last_seq = 0 WHERE id = $1', [open.id]),
  ).rejects.toThrow('something falls that only grows');
  await work(1);
  await watchToEnd(kernel, open.id);
  await expect(
    pool.query('UPDATE kernel.jobs SET output = NULL WHERE id = $1', [open.id]),
  ).rejects.toThrow('has ended and is changed');
});
