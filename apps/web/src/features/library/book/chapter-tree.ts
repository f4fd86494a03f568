import type { ChapterSummary } from '@scriptorium/contract';

/** A heading of the table of contents with the chapters and headings below it, in the order of the book. */
export interface Part {
  readonly title: string;
  readonly entries: Entry[];
}

export type Entry =
  | { readonly kind: 'part'; readonly part: Part }
  | { readonly kind: 'chapter'; readonly chapter: ChapterSummary };

/** The table of contents as a tree: chapters with the same titles above them stand together, as long as they follow one another. */
export function chapterTree(chapters: readonly ChapterSummary[]): readonly Entry[] {
  const root: Part = { title: '', entries: [] };
  let open: Part[] = [];
  for (const chapter of chapters) {
    const shared = chapter.path.findIndex((title, depth) => open[depth]?.title !== title);
    open = open.slice(0, shared === -1 ? chapter.path.length : shared);
    for (const title of chapter.path.slice(open.length)) {
      const part: Part = { title, entries: [] };
      (open.at(-1) ?? root).entries.push({ kind: 'part', part });
      open.push(part);
    }
    (open.at(-1) ?? root).entries.push({ kind: 'chapter', chapter });
  }
  return root.entries;
}
