import { shorteningModelSchema } from '@scriptorium/contract';
import type { Queryable } from '@scriptorium/kernel';
import type { ShortenRequest } from '@scriptorium/llm';
import { z } from 'zod';
import { readPageSpans, readSentences, type NovelRow, type SourceSentence } from './novels.repo.ts';
import { windowsOf, type Window } from './windows.ts';

/**
 * One pass over the novel. The first of a job is over all of it; a redo adds one over some of its sentences, whose answers lie over
 * those of the passes before. So a redo, like a retry, finds everything else done under its key, and its result is whole.
 */
export const layerSchema = z.object({
  /** As it was asked for. */
  model: shorteningModelSchema,
  /** The engine that the name stood for when the job was accepted. */
  engine: z.string(),
  /** Credits for 1,000 tokens; 0 for rules. */
  creditFactor: z.number().min(0),
  sentenceIds: z.array(z.int().positive()).optional(),
});

export type Layer = z.infer<typeof layerSchema>;

/**
 * Everything the short sentences of a window depend on, and nothing else: the content by its hash, so that the same file with the
 * same options is the same work, whenever it was handed in.
 */
export const chunkSchema = z.object({
  sha256: z.string(),
  readerVersion: z.int(),
  fromPage: z.int(),
  toPage: z.int(),
  /** Absent: all that begin on these pages. */
  sentenceIds: z.array(z.int()).optional(),
  language: z.string(),
  maxWords: z.int(),
  engine: z.string(),
});

export type NovelChunk = z.infer<typeof chunkSchema>;

/** What a plan has to know of a novel. */
export type PlannedNovel = Pick<
  NovelRow,
  'id' | 'sha256' | 'reader_version' | 'language' | 'page_count'
>;

export interface PlannedPart {
  readonly label: string;
  readonly layer: Layer;
  readonly input: NovelChunk;
  /** What its engine will be asked. */
  readonly request: ShortenRequest;
  /** On which its sentences begin. */
  readonly pages: readonly number[];
}

/** "Undetermined" in BCP 47. */
const UNKNOWN_LANGUAGE = 'und';

/** The parts of a job, in the order of the plan: those of the first pass, then those of each redo. */
export async function planNovel(
  db: Queryable,
  novel: PlannedNovel,
  { maxWords, layers }: { readonly maxWords: number; readonly layers: readonly Layer[] },
): Promise<PlannedPart[]> {
  const windows = windowsOf(await readPageSpans(db, novel.id));
  const sentences = await readSentences(db, novel.id, { fromPage: 1, toPage: novel.page_count });
  return layers.flatMap((layer) =>
    windows.flatMap((window): PlannedPart[] => {
      const sentenceIds = layer.sentenceIds?.filter((id) => isInside(window, id));
      if (sentenceIds?.length === 0) return [];
      const input = {
        sha256: novel.sha256,
        readerVersion: novel.reader_version,
        fromPage: window.fromPage,
        toPage: window.toPage,
        ...(sentenceIds === undefined ? {} : { sentenceIds }),
        language: novel.language ?? UNKNOWN_LANGUAGE,
        maxWords,
        engine: layer.engine,
      };
      return [
        {
          label: labelOf(window),
          layer,
          input,
          request: requestOf(input, sentences),
          pages: [...new Set(sentencesOf(input, sentences).map(({ page }) => page))],
        },
      ];
    }),
  );
}

/**
 * What the engine is asked for a part: its own sentences, and a page of context on each side that is read and never written.
 *
 * @param sentences of at least the part's pages and one more on each side, in order
 */
export function requestOf(chunk: NovelChunk, sentences: readonly SourceSentence[]): ShortenRequest {
  const { fromPage, toPage, language, maxWords } = chunk;
  const textsOn = (from: number, to: number) =>
    sentences.filter(({ page }) => page >= from && page <= to).map(({ text }) => text);
  return {
    language,
    maxWords,
    before: textsOn(fromPage - 1, fromPage - 1),
    sentences: sentencesOf(chunk, sentences).map(({ id, text }) => ({ id: String(id), text })),
    after: textsOn(toPage + 1, toPage + 1),
  };
}

/** The part's own. */
function sentencesOf(
  { fromPage, toPage, sentenceIds }: NovelChunk,
  sentences: readonly SourceSentence[],
): SourceSentence[] {
  const wanted = sentenceIds === undefined ? undefined : new Set(sentenceIds);
  return sentences.filter(
    ({ page, id }) => page >= fromPage && page <= toPage && (wanted?.has(id) ?? true),
  );
}

function isInside({ firstSentence, lastSentence }: Window, id: number): boolean {
  return id >= firstSentence && id <= lastSentence;
}

function labelOf({ fromPage, toPage }: Window): string {
  return fromPage === toPage ? `Page ${fromPage}` : `Pages ${fromPage}–${toPage}`;
}
