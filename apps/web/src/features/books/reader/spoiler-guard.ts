import type { ChapterSummary } from '@scriptorium/contract';
import type { ChapterFindings } from './export-descriptions.ts';

/** A place in a book. */
export interface Position {
  readonly chapter: number;
  /** UTF-16 code units of the chapter's text. */
  readonly offset: number;
}

export interface Guarded<Chapter> {
  /** Those with descriptions that may be asked for. */
  readonly chapters: readonly Chapter[];
  /** How many with descriptions stay closed. */
  readonly closed: number;
  /** Without what the reader has not come to in the chapter that is being read. */
  readonly trim: (findings: readonly ChapterFindings[]) => readonly ChapterFindings[];
}

/**
 * Keeps from the reader what stands behind a position, and is not even asked for; without a position, nothing is kept. A passage
 * counts as read when its last character is.
 */
export function withoutSpoilers<
  Chapter extends Pick<ChapterSummary, 'number' | 'descriptions_found'>,
>(chapters: readonly Chapter[], position: Position | undefined): Guarded<Chapter> {
  const described = chapters.filter(({ descriptions_found: found }) => found > 0);
  if (position === undefined) return { chapters: described, closed: 0, trim: (all) => all };
  const open = described.filter(({ number }) => number <= position.chapter);
  return {
    chapters: open,
    closed: described.length - open.length,
    trim: (findings) =>
      findings
        .filter(({ number }) => number <= position.chapter)
        .map((chapter) =>
          chapter.number < position.chapter
            ? chapter
            : {
                ...chapter,
                descriptions: chapter.descriptions.filter(({ end }) => end <= position.offset),
              },
        ),
  };
}
