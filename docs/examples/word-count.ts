import {
  createKernel,
  definePipeline,
  done,
  failed,
  KERNEL_MIGRATIONS,
  type KernelLog,
} from '@scriptorium/kernel';
import { migrate, openPool } from '@scriptorium/postgres';
import { z } from 'zod';

const log: KernelLog = {
  debug: () => {},
  info: () => {},
  warn: console.warn,
  error: console.error,
};

/** 1. The pipeline: how a job is split, what one part does, how the parts are put together. */
export const wordCount = definePipeline({
  name: 'word-count',
  recipeVersion: 1,
  inputSchema: z.object({ texts: z.array(z.string()) }),
  chunkSchema: z.object({ text: z.string() }),
  resultSchema: z.object({ words: z.number() }),

  // Everything a part's result depends on goes into its input: equal inputs are the same work.
  plan: ({ texts }) =>
    Promise.resolve({
      chunks: texts.map((text, place) => ({ input: { text }, label: `Text ${place + 1}` })),
    }),

  // May run more than once; counts once. Throw for a bug or an outage (tried again), return `failed` for what can
  // never succeed, `retryAfter` for "not now".
  runChunk: async ({ text }, ctx) => {
    if (text.trim() === '') return failed('word_count.empty', 'The text is empty.');
    ctx.report(0.5, 'Counting');
    const words = await ctx.memo('count', z.number(), () =>
      Promise.resolve(text.trim().split(/\s+/u).length),
    );
    return done({ words });
  },

  // Sees every part in order, the failed ones too. What is missing is added to the job's gaps by the kernel.
  merge: async (chunks) => {
    let total = 0;
    for await (const chunk of chunks) if (chunk.status === 'done') total += chunk.result.words;
    return { output: { total } };
  },
});

/** 2. A process: here one that takes jobs, does the work and watches, all at once. */
export async function countWords(connectionString: string, texts: string[]) {
  const pool = openPool(connectionString, { log, applicationName: 'word-count' });
  await migrate(pool, [{ name: 'kernel', directory: KERNEL_MIGRATIONS }], log);
  const kernel = createKernel({ pool, pipelines: [wordCount], log });
  await kernel.start();
  const worker = kernel.worker({ slots: 2 });
  await worker.start();

  // Whatever else this transaction writes is there exactly if the job is.
  const { id } = await kernel.transaction((tx) =>
    kernel.submit(tx, { pipeline: 'word-count', ownerId: 1, input: { texts } }),
  );
  for await (const event of kernel.follow(id, 0, AbortSignal.timeout(60_000))) {
    log.info(event.data, event.type);
  }
  const job = await kernel.job(id, 1);

  await worker.stop(10_000);
  await kernel.stop();
  await pool.end();
  return { status: job.status, output: job.output, gaps: job.gaps };
}
