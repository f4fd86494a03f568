import {
  definePipeline,
  done,
  failed,
  retryAfter,
  type Outcome,
  type Pipeline,
  type Queryable,
  type WorkContext,
} from '@scriptorium/kernel';
import {
  ModelBusyError,
  ModelError,
  UnsupportedLanguageError,
  type DescriptionEngine,
} from '@scriptorium/llm';
import { z } from 'zod';
import { query, queryOne } from '../../platform/database.ts';
import type { ChapterWrites } from './chapter-writes.ts';
import { storeDescriptions } from './descriptions.repo.ts';

/** The name under which jobs on books are submitted. */
export const BOOKS_PIPELINE = 'books';

const inputSchema = z.object({ bookId: z.int(), chapters: z.array(z.int()).min(1) });

/** What a request for chapters of a book says. */
export type BooksInput = z.infer<typeof inputSchema>;

/**
 * Everything the descriptions of a chapter depend on, and nothing else: whoever wants the same chapter by the same engine
 * wants the same work.
 */
const chunkSchema = z.object({
  bookId: z.int(),
  chapter: z.int(),
  textHash: z.string(),
  /** Raised by whoever wants the chapter anew. */
  generation: z.int(),
  language: z.string(),
  engine: z.string(),
  maxDescriptions: z.int(),
});

type ChapterChunk = z.infer<typeof chunkSchema>;

const resultSchema = z.object({
  engine: z.string(),
  descriptions: z.array(
    z.object({
      kind: z.enum(['place', 'character', 'atmosphere', 'object']),
      quote: z.string(),
      start: z.int(),
      end: z.int(),
      confidence: z.number(),
    }),
  ),
  rejects: z.array(z.object({ quote: z.string(), reason: z.string(), score: z.number() })),
});

type ChapterResult = z.infer<typeof resultSchema>;

/** One description for so many words, within bounds: a result must stay small enough for a row. */
const WORDS_PER_DESCRIPTION = 500;
const LEAST_DESCRIPTIONS = 10;
const MOST_DESCRIPTIONS = 100;

/** What a book that does not name its language is asked about: "undetermined" in BCP 47. */
const UNKNOWN_LANGUAGE = 'und';

export interface BooksPipelineOptions {
  readonly db: Queryable;
  readonly engine: DescriptionEngine;
  readonly writes: ChapterWrites;
}

/** Prepares chapters of a book: one part a chapter, in the order of the request. */
export function createBooksPipeline(options: BooksPipelineOptions): Pipeline {
  const { db, engine, writes } = options;
  return definePipeline({
    name: BOOKS_PIPELINE,
    recipeVersion: 1,
    inputSchema,
    chunkSchema,
    resultSchema,
    plan: async (input) => ({ chunks: await planChapters(db, nameOf(engine), input) }),
    runChunk: async (chunk, ctx) => await describeChapter(db, engine, chunk, ctx),
    merge: async (chunks) => {
      const output = { chapters: 0, descriptions: 0 };
      for await (const chunk of chunks) {
        if (chunk.status !== 'done') continue;
        output.chapters += 1;
        output.descriptions += chunk.result.descriptions.length;
      }
      return { output };
    },
    onSettled: async (tx, { jobId, chunks }) => {
      const finished = chunks.filter(({ status }) => status === 'done');
      await storeDescriptions(tx, writes, { jobId, workIds: finished.map(({ workId }) => workId) });
    },
  });
}

function nameOf(engine: DescriptionEngine): string {
  return `${engine.id}/${engine.version}`;
}

async function planChapters(db: Queryable, engine: string, { bookId, chapters }: BooksInput) {
  const rows = await query<{
    number: number;
    title: string;
    text_hash: string;
    language: string | null;
    words: number;
    generation: number;
  }>(
    db,
    `SELECT c.number, c.title, c.text_hash, COALESCE(c.language, b.language) AS language, c.words,
            wanted_generation(c.book_id, c.number) AS generation
       FROM chapters c
       JOIN books b ON b.id = c.book_id
      WHERE c.book_id = $1
        AND c.number = ANY ($2)`,
    [bookId, chapters],
  );
  const found = new Map(rows.map((row) => [row.number, row]));
  return chapters.map((number) => {
    const row = found.get(number);
    if (row === undefined) throw new Error(`Book ${bookId} has no chapter ${number} any more.`);
    const wanted = Math.ceil(row.words / WORDS_PER_DESCRIPTION);
    return {
      label: `Chapter ${number}: ${row.title}`,
      input: {
        bookId,
        chapter: number,
        textHash: row.text_hash,
        generation: row.generation,
        language: row.language ?? UNKNOWN_LANGUAGE,
        engine,
        maxDescriptions: Math.min(MOST_DESCRIPTIONS, Math.max(LEAST_DESCRIPTIONS, wanted)),
      },
    };
  });
}

async function describeChapter(
  db: Queryable,
  engine: DescriptionEngine,
  chunk: ChapterChunk,
  ctx: WorkContext,
): Promise<Outcome<ChapterResult>> {
  const { bookId, chapter, language, maxDescriptions } = chunk;
  if (nameOf(engine) !== chunk.engine) {
    return failed(
      'book.engine_changed',
      `The chapter was to be prepared by ${chunk.engine}, but this server works with ${nameOf(engine)} now. Retry the job.`,
    );
  }
  const row = await queryOne<{ text: string; text_hash: string }>(
    db,
    'SELECT text, text_hash FROM chapters WHERE book_id = $1 AND number = $2',
    [bookId, chapter],
  );
  if (row?.text_hash !== chunk.textHash) {
    return failed(
      'book.chapter_gone',
      `Chapter ${chapter} of book ${bookId} is not there any more with the text it had. Open the book again.`,
    );
  }
  const { text } = row;
  try {
    const found = await engine.describe(
      {
        text,
        language,
        maxDescriptions,
        signal: ctx.signal,
        memo: ctx.memo,
        ...(engine.provider === undefined ? {} : { budget: ctx.budget(engine.provider) }),
        // As they are made: the calls of an attempt that fails are used, too.
        onCall: ({ model, inputTokens, outputTokens, costMicros }) =>
          ctx.usage({ calls: 1, tokens: inputTokens + outputTokens, model, costMicros }),
      },
      (fraction) => ctx.report(fraction, 'Looking for descriptions'),
    );
    for (const { start, end, quote } of found.descriptions) {
      if (text.slice(start, end) !== quote) {
        throw new Error(`${found.engine} quotes what is not at ${start} to ${end}: ${quote}`);
      }
    }
    const result = {
      engine: found.engine,
      descriptions: found.descriptions.map(({ kind, quote, start, end, confidence }) => ({
        kind,
        quote,
        start,
        end,
        confidence,
      })),
      rejects: found.rejects.map(({ quote, reason, score }) => ({ quote, reason, score })),
    };
    return done(fitIntoRow(result));
  } catch (error) {
    if (error instanceof ModelBusyError) return retryAfter(error.retryAfterSeconds, error.message);
    const isFinal = error instanceof ModelError && !error.isTemporary;
    if (isFinal || error instanceof UnsupportedLanguageError) {
      return failed(error.code, error.message);
    }
    throw error;
  }
}

/** The kernel keeps larger results in files, out of the reach of the statement that stores descriptions. */
const MOST_RESULT_BYTES = 200_000;

/** Leaves out rejects first, then the least certain descriptions, until the result fits. Only a wild model gets there. */
export function fitIntoRow(result: ChapterResult): ChapterResult {
  const { engine } = result;
  let { descriptions, rejects } = result;
  const fits = () =>
    Buffer.byteLength(JSON.stringify({ engine, descriptions, rejects })) <= MOST_RESULT_BYTES;
  while (!fits() && rejects.length > 0) rejects = rejects.slice(0, rejects.length / 2);
  while (!fits()) {
    const least = Math.min(...descriptions.map(({ confidence }) => confidence));
    const place = descriptions.findLastIndex(({ confidence }) => confidence === least);
    descriptions = descriptions.toSpliced(place, 1);
  }
  return { engine, descriptions, rejects };
}
