import type { Book, Metadata, TocEntry } from '../book.ts';
import type { UnplacedPage } from '../classify/classify-book.ts';
import { classifyPage } from '../classify/classify-page.ts';
import { REAL_TITLE } from '../classify/patterns.ts';
import { renderText, renderWithStarts } from '../content/text.ts';
import type { Block, LeafBlock } from '../content/tree.ts';
import { countWords } from '../content/words.ts';
import { checkToc, finishChapters, refuseTooMany } from '../finish-chapters.ts';
import type { Limits } from '../limits.ts';
import { normalizeLanguage } from '../metadata.ts';
import type { Draft, FilePlace, PlacedEntry } from './assemble.ts';
import { draftChapters, flatten, topOf } from './assemble.ts';
import { gutenbergLicence, headingTitle } from './headings.ts';
import { collectNotes } from './notes.ts';
import type { TypedPlace } from './package.ts';
import { leafRange, pageFacts } from './page-facts.ts';
import type { Reference } from './paths.ts';
import type { ContentFile } from './xhtml-converter.ts';

interface Material {
  files: readonly ContentFile[];
  entries: readonly PlacedEntry[];
  level: number;
  /** Landmarks and guide. */
  places: readonly TypedPlace[];
  metadata: Metadata;
  limits: Limits;
  locate: (target: Reference) => FilePlace | null;
}

/** A draft with its text. */
interface Page extends Draft {
  content: Block[];
  text: string;
  starts: Map<LeafBlock, number>;
  facts: UnplacedPage;
}

/** Cuts, names and classifies the chapters, and ties links, notes and the table of contents to them. */
export function buildChapters(material: Material): Pick<Book, 'chapters' | 'toc'> {
  const { files, entries, level, limits, metadata } = material;
  const flat = flatten(entries);
  const typesAt = placeTypes(material);
  const beginnings = [...flat, ...gutenbergLicence(files)];
  const drafts = draftChapters(files, beginnings, level, (file) =>
    standsAlone(files, file, typesAt),
  );
  refuseTooMany(drafts.length, limits);
  const pages = drafts.map((draft) => toPage(draft, files, typesAt));
  const filled = pages.filter(hasContent);
  // A book of nothing but foreign files is still opened: one empty page says so.
  const kept = filled.length > 0 ? filled : pages.slice(0, 1);

  const resolve = createResolver(files, kept);
  for (const { node, target } of files.flatMap((file) => file.links)) {
    const place = material.locate(target);
    node.target = { kind: 'book', ...(place ? resolve(place) : { chapter: 0, offset: 0 }) };
  }
  const notes = collectNotes({ files, locate: material.locate, resolve });
  const chapters = finishChapters(
    kept.map((page, index) => ({
      path: pathOf(page.entry, metadata.title),
      content: page.content,
      notes: notes.get(index) ?? [],
      language: normalizeLanguage(files[page.segments[0]?.file ?? 0]?.language),
      facts: page.facts,
    })),
    metadata,
    limits,
  );
  return { chapters, toc: checkToc(tocEntries(entries, resolve), limits) };
}

/** Types of landmarks and guide by the place where they begin, `file:block`. */
function placeTypes({ files, places, locate }: Material): Map<string, string[]> {
  const types = new Map<string, string[]>();
  for (const { type, target } of places) {
    const place = locate(target);
    if (!place) continue;
    const key = `${place.file}:${topOf(files, place)}`;
    const there = types.get(key) ?? [];
    types.set(key, there);
    there.push(type);
  }
  return types;
}

function toPage(draft: Draft, files: readonly ContentFile[], typesAt: Map<string, string[]>): Page {
  const content = draft.segments.flatMap(
    ({ file, from, to }) => files[file]?.flow.blocks.slice(from, to) ?? [],
  );
  const { text, starts } = renderWithStarts(content);
  const [first] = draft.segments;
  const file = first && files[first.file];
  const range = first && file ? leafRange(file, first) : { from: 0, to: 0 };
  const heading = file ? headingTitle(file, range.from, range.to) : '';
  const facts = pageFacts(files, draft.segments, {
    title: draft.entry?.label || heading || file?.title || '',
    text,
    words: countWords(text),
    places: (first && typesAt.get(`${first.file}:${first.from}`)) ?? [],
  });
  return { ...draft, content, text, starts, facts };
}

/**
 * A file the table of contents does not know goes on with the chapter before (converters cut long
 * chapters by size), unless it is no text at all or begins with the title of a chapter.
 */
function standsAlone(
  files: readonly ContentFile[],
  index: number,
  typesAt: Map<string, string[]>,
): boolean {
  const file = files[index];
  if (!file) return false;
  const heading = headingTitle(file, 0, 1);
  if (REAL_TITLE.test(heading)) return true;
  // Pieces of one chapter share their title.
  if (REAL_TITLE.test(file.title) && file.title !== files[index - 1]?.title) return true;
  const segment = { file: index, from: 0, to: file.flow.blocks.length };
  const text = renderText(file.flow.blocks);
  const facts = pageFacts(files, [segment], {
    title: heading || file.title,
    text,
    words: countWords(text),
    places: typesAt.get(`${index}:0`) ?? [],
  });
  const book = { pages: files.length, typicalWords: Infinity };
  const { pageClass, signal } = classifyPage({ ...facts, index }, book);
  return pageClass !== 'chapter' && signal !== 8;
}

function hasContent(page: Page): boolean {
  return page.text !== '' || page.content.some((block) => block.type !== 'rule');
}

/** Titles of the parts above; the title of the book itself is none. */
function pathOf(entry: PlacedEntry | null, bookTitle: string): string[] {
  const path: string[] = [];
  for (let above = entry?.parent; above; above = above.parent) {
    const isBook = above.label.toLowerCase() === bookTitle.toLowerCase();
    if (above.label !== '' && !isBook) path.unshift(above.label);
  }
  return path;
}

type Resolver = (place: FilePlace) => { chapter: number; offset: number };

/** Turns places in files into chapters and offsets. Past the end of a file: the end of its chapter. */
function createResolver(files: readonly ContentFile[], pages: readonly Page[]): Resolver {
  const owners = files.map((file) => new Int32Array(file.flow.blocks.length + 1).fill(-1));
  pages.forEach((page, chapter) => {
    for (const { file, from, to } of page.segments) owners[file]?.fill(chapter, from, to + 1);
  });
  // Segments overlap by one at their ends: the later one begins there.
  pages.forEach((page, chapter) => {
    for (const { file, from, to } of page.segments)
      if (to > from) owners[file]?.fill(chapter, from, to);
  });
  let last = 0;
  for (const owner of owners) {
    owner.forEach((chapter, i) => {
      if (chapter >= 0) last = chapter;
      else owner[i] = last;
    });
  }
  return (place) => {
    const leaf = files[place.file]?.flow.leaves[place.leaf];
    const chapter = owners[place.file]?.[topOf(files, place)] ?? 0;
    const page = pages[chapter];
    const start = leaf && page?.starts.get(leaf.block);
    const offset = start === undefined ? (leaf ? 0 : (page?.text.length ?? 0)) : start + place.at;
    return { chapter, offset: Math.min(offset, page?.text.length ?? 0) };
  };
}

function tocEntries(entries: readonly PlacedEntry[], resolve: Resolver): TocEntry[] {
  return entries.map((entry) => {
    const place = entry.place ? resolve(entry.place) : { chapter: null, offset: null };
    const children = tocEntries(entry.children, resolve);
    return { label: entry.label, ...place, children };
  });
}
