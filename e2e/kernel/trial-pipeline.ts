import { setTimeout as delay } from 'node:timers/promises';
import { definePipeline, done, type Pipeline, type WorkContext } from '@scriptorium/kernel';
import { z } from 'zod';

/** What a part of the trial does. The same input is the same work, so each run adds a `salt` of its own. */
const chunkSchema = z.object({
  index: z.number(),
  salt: z.string(),
  /** How long it works, in milliseconds. */
  ms: z.number(),
  /** Brings its process down each time. */
  isPoison: z.boolean().default(false),
  /** Calls counted through memos, to prove what is paid for once. */
  calls: z.number().default(0),
});

const inputSchema = z.object({
  chunks: z.array(chunkSchema),
  isPlanPoison: z.boolean().default(false),
  mergeMs: z.number().default(0),
});

export type TrialInput = z.input<typeof inputSchema>;

/** Told about what really happens in a process, as opposed to what is recorded. */
export type TrialListener = (what: 'began' | 'aborted' | 'called', ctx: WorkContext) => void;

/** Works for a while, fails as it is told to. Used by tests and benchmarks that need real processes. */
export function trialPipeline(tell: TrialListener = () => {}): Pipeline {
  return definePipeline({
    name: 'trial',
    recipeVersion: 1,
    inputSchema,
    chunkSchema,
    resultSchema: z.object({ index: z.number() }),
    plan: async ({ chunks, isPlanPoison }, ctx) => {
      if (isPlanPoison) process.kill(process.pid, 'SIGKILL');
      tell('began', ctx);
      return { chunks: chunks.map((chunk) => ({ input: chunk, label: `part ${chunk.index}` })) };
    },
    runChunk: async ({ index, ms, isPoison, calls }, ctx) => {
      tell('began', ctx);
      if (isPoison) process.kill(process.pid, 'SIGKILL');
      for (let call = 0; call < calls; call += 1) {
        await ctx.memo(`call ${call}`, z.number(), async () => {
          tell('called', ctx);
          await wait(ms / calls, ctx, tell);
          return call;
        });
      }
      if (calls === 0) await wait(ms, ctx, tell);
      return done({ index });
    },
    merge: async (chunks, ctx) => {
      await wait(ctx.input.mergeMs, ctx, tell);
      const indices: number[] = [];
      for await (const chunk of chunks)
        if (chunk.status === 'done') indices.push(chunk.result.index);
      return { output: { indices } };
    },
  });
}

async function wait(ms: number, ctx: WorkContext, tell: TrialListener): Promise<void> {
  if (ms === 0) return;
  const onAbort = () => tell('aborted', ctx);
  ctx.signal.addEventListener('abort', onAbort, { once: true });
  try {
    await delay(ms, undefined, { signal: ctx.signal });
  } finally {
    ctx.signal.removeEventListener('abort', onAbort);
  }
}
