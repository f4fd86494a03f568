import {
  definePipeline,
  done,
  failed,
  retryAfter,
  type Gap,
  type Outcome,
  type Pipeline,
  type Queryable,
  type WorkContext,
} from '@scriptorium/kernel';
import { ModelBusyError, ModelError } from '@scriptorium/llm';
import { z } from 'zod';
import { auditedSchema, auditOf, type Answer, type ChunkResult } from './audit.ts';
import { ceilingOf } from './estimate.ts';
import { readNovel, readSentencesOfText, type SourceSentence } from './novels.repo.ts';
import { NOVELS_PIPELINE } from './pipeline-name.ts';
import { chunkSchema, layerSchema, planNovel, requestOf, type NovelChunk } from './plan-novel.ts';
import type { Shorteners } from './shorteners.ts';

export const novelsInputSchema = z.object({
  novelId: z.int().positive(),
  maxWords: z.int().positive(),
  layers: z.tuple([layerSchema], layerSchema),
});

/** What a request for a novel says. */
export type NovelsInput = z.infer<typeof novelsInputSchema>;

export interface NovelsPipelineOptions {
  readonly db: Queryable;
  readonly shorteners: Shorteners;
}

/** Shortens the sentences of a novel: one part a window of pages. */
export function createNovelsPipeline({ db, shorteners }: NovelsPipelineOptions): Pipeline {
  return definePipeline({
    name: NOVELS_PIPELINE,
    recipeVersion: 1,
    inputSchema: novelsInputSchema,
    chunkSchema,
    // What the merge reads. Looking at every short sentence again took it half of its time.
    resultSchema: auditedSchema,
    // A novel of 600 pages makes some 200 calls of a model, five at a time, and a slow model takes a minute a call.
    timeouts: { chunk: 20 * 60, soft: 3 * 3600, hard: 4 * 3600 },
    plan: async ({ novelId, ...options }, ctx) => {
      const novel = await readNovel(db, novelId, ctx.ownerId);
      const parts = await planNovel(db, novel, options);
      return {
        chunks: parts.map((part) => ({
          label: part.label,
          input: part.input,
          ceiling: ceilingOf(part),
        })),
      };
    },
    runChunk: async (chunk, ctx) => await shortenWindow(db, shorteners, chunk, ctx),
    merge: async (chunks, { input, ownerId }) => {
      const { sentence_count: expected } = await readNovel(db, input.novelId, ownerId);
      const results: { items: readonly Answer[] }[] = [];
      const gaps: Gap[] = [];
      for await (const chunk of chunks) {
        if (chunk.status !== 'done') continue;
        const { asked, items } = chunk.result;
        results.push({ items });
        if (items.length === asked) continue;
        const message = `The part answers ${items.length} of its ${asked} sentences.`;
        gaps.push({ index: chunk.index, code: 'novel.sentences_missing', message });
      }
      return { output: { audit: auditOf(results, expected) }, gaps };
    },
  });
}

async function shortenWindow(
  db: Queryable,
  shorteners: Shorteners,
  chunk: NovelChunk,
  ctx: WorkContext,
): Promise<Outcome<ChunkResult>> {
  const choice = shorteners.byName(chunk.engine);
  if (choice === undefined) {
    return failed(
      'novel.engine_changed',
      `The pages were to be shortened by ${chunk.engine}, which this server does not have any more. Start the job again with another model.`,
    );
  }
  const source = await readSource(db, chunk, ctx.ownerId);
  if (source === undefined) {
    return failed('novel.gone', 'The novel is not there any more with the text it had.');
  }
  const { shortener, creditFactor: factor } = choice;
  const request = requestOf(chunk, source);
  try {
    const { items, calls, tokens, costUsd } = await shortener.shorten(request, {
      signal: ctx.signal,
      memo: ctx.memo,
      ...(shortener.provider === undefined ? {} : { budget: ctx.budget(shortener.provider) }),
      // As they are made: the calls of an attempt that fails are used, too.
      onCall: ({ model, inputTokens, outputTokens, costMicros }) =>
        ctx.usage({ calls: 1, tokens: inputTokens + outputTokens, model, factor, costMicros }),
      report: (fraction) => ctx.report(fraction, 'Shortening sentences'),
    });
    return done({
      engine: chunk.engine,
      asked: request.sentences.length,
      calls,
      tokens,
      costUsd,
      items: items.map(({ id, ...item }) => ({ ...item, id: Number(id) })),
    });
  } catch (error) {
    if (error instanceof ModelBusyError) return retryAfter(error.retryAfterSeconds, error.message);
    if (error instanceof ModelError && !error.isTemporary) return failed(error.code, error.message);
    throw error;
  }
}

/** The sentences of the part and of a page on each side, of the very text that it was planned for. */
function readSource(
  db: Queryable,
  { sha256, readerVersion, fromPage, toPage }: NovelChunk,
  ownerId: number,
): Promise<SourceSentence[] | undefined> {
  const around = { fromPage: fromPage - 1, toPage: toPage + 1 };
  return readSentencesOfText(db, { ownerId, sha256, readerVersion }, around);
}
