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
import { ModelBusyError, ModelError, type ShortenRequest } from '@scriptorium/llm';
import { z } from 'zod';
import { auditedSchema, auditOf, type Answer, type ChunkResult } from './audit.ts';
import { ceilingOf } from './estimate.ts';
import { readNovel, readSentencesOfText } from './novels.repo.ts';
import { NOVELS_PIPELINE } from './pipeline-name.ts';
import { chunkSchema, layerSchema, planNovel, requestOf, type NovelChunk } from './plan-novel.ts';
import { ReadyRequests } from './ready-requests.ts';
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
  const ready = new ReadyRequests();
  return definePipeline({
    name: NOVELS_PIPELINE,
    recipeVersion: 1,
    inputSchema: novelsInputSchema,
    chunkSchema,
    // Of 300 pages, reading and checking every short sentence again took the merge some 10 ms of the last 55 of its job.
    mergedMember: 'audited',
    resultSchema: auditedSchema,
    // A novel of 600 pages makes some 200 calls of a model, five at a time, and a slow model takes a minute a call.
    timeouts: { chunk: 20 * 60, soft: 3 * 3600, hard: 4 * 3600 },
    plan: async ({ novelId, ...options }, ctx) => {
      const novel = await readNovel(db, novelId, ctx.ownerId);
      const parts = await planNovel(db, novel, options);
      ready.put(ctx.ownerId, parts);
      return {
        chunks: parts.map((part) => ({
          label: part.label,
          input: part.input,
          ceiling: ceilingOf(part),
        })),
      };
    },
    runChunk: async (chunk, ctx) => {
      const request = ready.take(ctx.ownerId, chunk) ?? (await readRequest(db, chunk, ctx.ownerId));
      if (request !== undefined) return await shortenWindow(shorteners, chunk, request, ctx);
      return failed('novel.gone', 'The novel is not there any more with the text it had.');
    },
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
  shorteners: Shorteners,
  chunk: NovelChunk,
  request: ShortenRequest,
  ctx: WorkContext,
): Promise<Outcome<ChunkResult>> {
  const choice = shorteners.byName(chunk.engine);
  if (choice === undefined) {
    return failed(
      'novel.engine_changed',
      `The pages were to be shortened by ${chunk.engine}, which this server does not have any more. Start the job again with another model.`,
    );
  }
  const { shortener, creditFactor: factor } = choice;
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
    const asked = request.sentences.length;
    return done({
      engine: chunk.engine,
      asked,
      calls,
      tokens,
      costUsd,
      items: items.map(({ id, ...item }) => ({ ...item, id: Number(id) })),
      audited: {
        asked,
        ids: items.map(({ id }) => Number(id)),
        labels: items.map(({ label }) => label),
      },
    });
  } catch (error) {
    if (error instanceof ModelBusyError) return retryAfter(error.retryAfterSeconds, error.message);
    if (error instanceof ModelError && !error.isTemporary) return failed(error.code, error.message);
    throw error;
  }
}

/** From the very text that the part was planned for, with a page on each side; undefined if the owner does not have that any more. */
async function readRequest(
  db: Queryable,
  chunk: NovelChunk,
  ownerId: number,
): Promise<ShortenRequest | undefined> {
  const { sha256, readerVersion, fromPage, toPage } = chunk;
  const around = { fromPage: fromPage - 1, toPage: toPage + 1 };
  const source = await readSentencesOfText(db, { ownerId, sha256, readerVersion }, around);
  return source === undefined ? undefined : requestOf(chunk, source);
}
