import { z } from 'zod';
import { definePipeline, type Outcome, type Pipeline, type WorkContext } from '../index.ts';
import type { PipelineDefinition } from '../pipeline.ts';

const toyInput = z.object({ words: z.array(z.string()) });
const toyChunk = z.object({ word: z.string() });
type ToyInput = z.infer<typeof toyInput>;
type ToyChunk = z.infer<typeof toyChunk>;
type ToyDefinition = PipelineDefinition<ToyInput, ToyChunk, string, { shouted: string }>;

export interface ToyOptions extends Pick<ToyDefinition, 'timeouts' | 'onSettled' | 'onEnded'> {
  readonly name?: string;
  readonly recipeVersion?: number;
  /** The most that a word may cost, in millicredits. Default 0. */
  readonly ceiling?: number | ((word: string) => number);
  readonly run?: (chunk: ToyChunk, ctx: WorkContext) => Promise<Outcome<string>>;
  readonly plan?: (words: readonly string[], ctx: WorkContext) => Promise<void>;
  readonly merge?: (ctx: WorkContext) => Promise<void>;
}

/** Shouts the words it is given. Knows nothing of books, and the kernel runs it all the same. */
export function toyPipeline(options: ToyOptions = {}): Pipeline {
  const { name = 'toy', recipeVersion = 1, ceiling = 0, run, plan, merge, ...rest } = options;
  const ceilingOf = typeof ceiling === 'number' ? () => ceiling : ceiling;
  return definePipeline({
    ...rest,
    name,
    recipeVersion,
    inputSchema: toyInput,
    chunkSchema: toyChunk,
    resultSchema: z.string(),
    plan: async ({ words }, ctx) => {
      await plan?.(words, ctx);
      return {
        chunks: words.map((word) => ({
          input: { word },
          label: `"${word}"`,
          ceiling: ceilingOf(word),
        })),
      };
    },
    runChunk: async (chunk, ctx) =>
      run === undefined
        ? { kind: 'done', result: chunk.word.toUpperCase() }
        : await run(chunk, ctx),
    merge: async (chunks, ctx) => {
      await merge?.(ctx);
      const words: string[] = [];
      for await (const chunk of chunks) {
        words.push(chunk.status === 'done' ? chunk.result : `[${chunk.error.code}]`);
      }
      return { output: { shouted: words.join(' ') } };
    },
  });
}
