import type { Counter, KernelLog } from '@scriptorium/kernel';

/**
 * Who writes what is known about a chapter. `upload`: the chapter and its verdict; `worker`: its descriptions; `request`: a
 * new version and its undo; `correction`: a class that a person gives it, and its undo.
 */
export type WriteSource = 'upload' | 'worker' | 'request' | 'correction';

export interface ChapterWrite {
  readonly bookId: number;
  readonly chapters: readonly number[];
  /** For people: what was written, or why not. */
  readonly what: string;
}

/** A line in the log and a count for every write of a chapter's metadata, so that nobody has to guess who decided what. */
export interface ChapterWrites {
  written(source: WriteSource, write: ChapterWrite): void;
  refused(source: WriteSource, write: ChapterWrite): void;
  /** How often this process has written or refused since its start, as `chapter_writes_total` by `source` and `outcome`. */
  counts(): Counter[];
}

export function createChapterWrites(log: KernelLog): ChapterWrites {
  const counts = new Map<string, Counter>();
  const note = (
    source: WriteSource,
    outcome: 'written' | 'refused',
    { bookId, chapters, what }: ChapterWrite,
  ) => {
    const key = `${source} ${outcome}`;
    const count = (counts.get(key)?.count ?? 0) + chapters.length;
    counts.set(key, { name: 'chapter_writes_total', labels: { source, outcome }, count });
    log.info({ source, outcome, book: bookId, chapters: chapters.join(',') }, `Chapter: ${what}`);
  };
  return {
    written: (source, write) => note(source, 'written', write),
    refused: (source, write) => note(source, 'refused', write),
    counts: () => [...counts.values()],
  };
}
