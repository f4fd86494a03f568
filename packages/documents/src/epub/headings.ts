import { shortLine } from '../content/clean.ts';
import { inlineText } from '../content/text.ts';
import type { LeafBlock } from '../content/tree.ts';
import type { PlacedEntry } from './assemble.ts';
import type { ContentFile } from './xhtml-converter.ts';

/** The third rung: `h1` to `h3` of the files. Headings that follow each other are one title. */
export function entriesFromHeadings(files: readonly ContentFile[]): PlacedEntry[] {
  const roots: PlacedEntry[] = [];
  const open: { rank: number; entry: PlacedEntry }[] = [];
  files.forEach((file, index) => {
    file.flow.leaves.forEach(({ block }, leaf) => {
      if (block.type !== 'heading' || block.level > 3) return;
      if (isHeading(file.flow.leaves[leaf - 1]?.block)) return;
      while (open.length > 0 && (open.at(-1)?.rank ?? 0) >= block.level) open.pop();
      const parent = open.at(-1)?.entry ?? null;
      const entry: PlacedEntry = {
        label: titleAt(file, leaf),
        level: open.length + 1,
        place: { file: index, leaf, at: 0 },
        parent,
        children: [],
      };
      (parent?.children ?? roots).push(entry);
      open.push({ rank: block.level, entry });
    });
  });
  return roots;
}

/** The fourth rung: one entry for each file. */
export function entriesFromFiles(
  files: readonly ContentFile[],
  name: (file: ContentFile, index: number) => string,
): PlacedEntry[] {
  return files.map((file, index) => ({
    label: name(file, index),
    level: 1,
    place: { file: index, leaf: 0, at: 0 },
    parent: null,
    children: [],
  }));
}

/** More than `GUTENBERG_END` can match. */
const OPENING = 40;
const GUTENBERG_END =
  /^(\*{3} ?END OF (THE|THIS) PROJECT GUTENBERG|End of (the |this )?Project Gutenberg)/i;
/** Asked of every paragraph of every book, before the rest. */
const FIRST_LETTERS = '*Ee';

/**
 * The licence at the end of a book from Project Gutenberg: two thousand words that no table of contents
 * tells from the last chapter. At most one entry.
 */
export function gutenbergLicence(files: readonly ContentFile[]): PlacedEntry[] {
  for (const [file, content] of [...files.entries()].reverse()) {
    const leaf = licenceLeaf(content);
    if (leaf < 0) continue;
    const place = { file, leaf, at: 0 };
    return [{ label: 'Project Gutenberg', level: 1, place, parent: null, children: [] }];
  }
  return [];
}

function licenceLeaf(file: ContentFile): number {
  return file.flow.leaves.findIndex(({ block }) => {
    const isText = block.type === 'paragraph' || block.type === 'heading' || block.type === 'pre';
    return isText && GUTENBERG_END.test(opening(block));
  });
}

/** The first words of a leaf that may be the licence's, without joining all of them for each paragraph of a book. */
function opening(block: LeafBlock & { type: 'paragraph' | 'heading' | 'pre' }): string {
  if (block.type === 'pre') return block.text;
  const [first] = block.content;
  if (first?.type === 'text' && !FIRST_LETTERS.includes(first.text.charAt(0))) return '';
  let text = '';
  for (const node of block.content) {
    text += inlineText([node]);
    if (text.length >= OPENING) break;
  }
  return text;
}

/** How many leaves from the start of a stretch its title may stand: a picture or motto comes first. */
const TITLE_WITHIN = 6;

/** The first heading near the start of leaves `from` up to `to`, or an empty string. */
export function headingTitle(file: ContentFile, from: number, to: number): string {
  const end = Math.min(to, from + TITLE_WITHIN, file.flow.leaves.length);
  for (let leaf = from; leaf < end; leaf += 1) {
    if (isHeading(file.flow.leaves[leaf]?.block)) return titleAt(file, leaf);
  }
  return '';
}

/** "Chapter I" and the heading right below it, "Down the Rabbit-Hole", are one title. */
function titleAt(file: ContentFile, leaf: number): string {
  const parts: string[] = [];
  for (let i = leaf; parts.length < 3; i += 1) {
    const block = file.flow.leaves[i]?.block;
    if (!isHeading(block)) break;
    parts.push(shortLine(inlineText(block.content), 300).replace(/\.$/, ''));
  }
  return shortLine(parts.join('. '), 300);
}

function isHeading(block: LeafBlock | undefined): block is LeafBlock & { type: 'heading' } {
  return block?.type === 'heading';
}
