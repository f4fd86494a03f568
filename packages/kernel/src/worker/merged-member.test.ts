import { expect, test } from 'vitest';
import { z } from 'zod';
import { definePipeline, done } from '../index.ts';
import { filesForTest } from '../testing/files.ts';
import { watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';

/** Above what a row holds. */
const LARGE = 'x'.repeat(300_000);

/** What became of each part, as the merge has read it. */
const seen: unknown[] = [];

const RESULTS: Record<string, unknown> = {
  small: { told: 'small', rest: 'much' },
  large: { told: 'large', rest: LARGE },
  older: { rest: 'all there is' },
  text: 'no object',
};

const pipeline = definePipeline({
  name: 'members',
  recipeVersion: 1,
  inputSchema: z.object({}),
  chunkSchema: z.object({ name: z.string() }),
  mergedMember: 'told',
  resultSchema: z.unknown(),
  plan: () =>
    Promise.resolve({ chunks: Object.keys(RESULTS).map((name) => ({ input: { name } })) }),
  runChunk: ({ name }) => Promise.resolve(done(RESULTS[name])),
  merge: async (chunks) => {
    for await (const chunk of chunks) seen.push('result' in chunk ? chunk.result : chunk.error);
    return { output: null };
  },
});

test('a merge reads the member that its pipeline names, from the row and from the store, and whole results without it', async () => {
  const files = await filesForTest();
  const { kernel, work } = await kernelForTest({ pipelines: [pipeline], files });
  await work(1);
  const job = await kernel.transaction((tx) =>
    kernel.submit(tx, { pipeline: 'members', ownerId: 1, input: {} }),
  );
  await watchToEnd(kernel, job.id);
  expect(seen).toEqual(['small', 'large', { rest: 'all there is' }, 'no object']);
  // Whoever asks for the results gets them whole.
  const results = await Array.fromAsync(kernel.results(job.id, 1));
  expect(results.map((each) => ('result' in each ? each.result : each.error))).toEqual(
    Object.values(RESULTS),
  );
});
