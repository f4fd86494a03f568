import type { ChapterSummary } from '@scriptorium/contract';

/** A heading of the table of contents with the chapters and headings below it, in the order of the book. */
export interface Part {
  readonly title: string;
  /** The divider page that bears the heading itself, where the book has one. */
  readonly own: ChapterSummary | undefined;
  readonly entries: Entry[];
}

export type Entry =
  | { readonly kind: 'part'; readonly part: Part }
  | { readonly kind: 'chapter'; readonly chapter: ChapterSummary };

/**
 * The table of contents as a tree: chapters with the same titles above them stand together, as long as they follow one another. A
 * divider page becomes the heading of the part that it opens, so that nothing is said twice.
 */
export function chapterTree(chapters: readonly ChapterSummary[]): readonly Entry[] {
  const root: Part = { title: '', own: undefined, entries: [] };
  let open: Part[] = [];
  for (const chapter of chapters) {
    const shared = chapter.path.findIndex((title, depth) => open[depth]?.title !== title);
    open = open.slice(0, shared === -1 ? chapter.path.length : shared);
    for (const title of chapter.path.slice(open.length)) {
      const { entries } = open.at(-1) ?? root;
      const part: Part = { title, own: takeDivider(entries, title), entries: [] };
      entries.push({ kind: 'part', part });
      open.push(part);
    }
    (open.at(-1) ?? root).entries.push({ kind: 'chapter', chapter });
  }
  return root.entries;
}

function takeDivider(entries: Entry[], title: string): ChapterSummary | undefined {
  const last = entries.at(-1);
  if (last?.kind !== 'chapter' || last.chapter.title !== title) return undefined;
  entries.pop();
  return last.chapter;
}
