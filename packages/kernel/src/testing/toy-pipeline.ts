import { z } from 'zod';
import { definePipeline, type Outcome, type Pipeline, type WorkContext } from '../index.ts';

const toyChunk = z.object({ word: z.string() });
type ToyChunk = z.infer<typeof toyChunk>;

export interface ToyOptions {
  readonly recipeVersion?: number;
  readonly timeouts?: { chunk?: number; soft?: number; hard?: number };
  run?(chunk: ToyChunk, ctx: WorkContext): Promise<Outcome<string>>;
  plan?(words: readonly string[], ctx: WorkContext): Promise<void>;
  merge?(ctx: WorkContext): Promise<void>;
}

/** Shouts the words it is given. Knows nothing of books, and the kernel runs it all the same. */
export function toyPipeline(options: ToyOptions = {}): Pipeline {
  return definePipeline({
    name: 'toy',
    recipeVersion: options.recipeVersion ?? 1,
    inputSchema: z.object({ words: z.array(z.string()) }),
    chunkSchema: toyChunk,
    resultSchema: z.string(),
    ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
    plan: async ({ words }, ctx) => {
      await options.plan?.(words, ctx);
      return { chunks: words.map((word) => ({ input: { word }, label: `"${word}"` })) };
    },
    runChunk: async (chunk, ctx) =>
      options.run === undefined
        ? { kind: 'done', result: chunk.word.toUpperCase() }
        : await options.run(chunk, ctx),
    merge: async (chunks, ctx) => {
      await options.merge?.(ctx);
      const words: string[] = [];
      for await (const chunk of chunks) {
        words.push(chunk.status === 'done' ? chunk.result : `[${chunk.error.code}]`);
      }
      return { output: { shouted: words.join(' ') } };
    },
  });
}
