import type { Book, Note, TocEntry } from '../book.ts';
import { renderWithStarts } from '../content/text.ts';
import { createNoteBudget } from '../content/note-budget.ts';
import type { Block, LeafBlock } from '../content/tree.ts';
import { countWords } from '../content/words.ts';
import { DocumentError } from '../errors.ts';
import type { DraftChapter } from '../finish-chapters.ts';
import { checkToc, finishChapters } from '../finish-chapters.ts';
import type { Element } from '../markup/dom.ts';
import { attribute, childElements, childNamed, childrenNamed, firstNamed } from '../markup/dom.ts';
import { parseXml } from '../markup/parse-markup.ts';
import type { ReadContext } from '../read-context.ts';
import type { Binaries } from './binaries.ts';
import { collectBinaries } from './binaries.ts';
import type { Fb2Context, Fb2Flow } from './converter.ts';
import { convertFb2 } from './converter.ts';
import { readDescription } from './description.ts';
import type { SectionChapter, SectionEntry } from './sections.ts';
import { divideBody, titleOf } from './sections.ts';

/** A chapter converted, with what ties links and notes to it. */
interface Page {
  section: SectionChapter;
  flow: Fb2Flow;
  text: string;
  starts: Map<LeafBlock, number>;
  types: string[];
}

const NOTE_BODY = /^(notes?|footnotes?|endnotes?|comments?|примечания|сноски|комментарии)$/i;

/** Reads an FB2 document from its text. Throws DocumentError `document.damaged_fb2` and others. */
export function readFb2(source: string, context: ReadContext): Book {
  const { limits, warn } = context;
  const root = firstNamed(parseXml(source, limits), 'fictionbook');
  const bodies = root ? childrenNamed(root, 'body') : [];
  if (!root || bodies.length === 0) throw withoutBody();
  const isNotes = (body: Element): boolean => NOTE_BODY.test(attribute(body, 'name') ?? '');
  const noteBodies = bodies.filter((body, i) => i > 0 && isNotes(body));
  const mainBodies = bodies.filter((body) => !noteBodies.includes(body));

  const metadata = readDescription(root, context.fileName);
  const binaries = collectBinaries(root, limits, warn);
  const notes = noteElements(noteBodies);
  const known = identifiers([...mainBodies, ...noteBodies]);
  const converting: Fb2Context = {
    isNote: (id) => notes.has(id),
    isKnown: (id) => known.has(id),
    imageId: binaries.add,
  };
  const cover = findCover(root, binaries);
  const divided = mainBodies.map(divideBody);
  const sections = divided.flatMap(({ chapters }) => chapters);
  const noteSections = noteBodies.map(asSection);
  const pages = [
    ...sections.map((section) => toPage(section, [], converting)),
    ...noteSections.map((section) => toPage(section, ['notes'], converting)),
  ].filter(({ flow }) => flow.leaves.some(({ block }) => block.type !== 'rule'));
  warn('toc.source', 'The table of contents comes from: sections.');

  const byChapter = tieLinks(pages, notes, converting);
  const chapters = finishChapters(
    pages.map((page, i) => toDraft(page, byChapter[i] ?? [])),
    metadata,
    limits,
  );
  const entries: SectionEntry[] = [
    ...divided.flatMap(({ toc }) => toc),
    ...noteSections.map((chapter) => ({ label: chapter.title, chapter, children: [] })),
  ];
  const indexOf = new Map(pages.map((page, index) => [page.section, index]));
  return {
    format: 'fb2',
    metadata,
    cover,
    toc: checkToc(
      tocEntries(entries, indexOf, (index) => chapters[index]?.title ?? ''),
      limits,
    ),
    tocSource: 'sections',
    chapters,
    images: binaries.read(),
    warnings: [...context.warnings],
  };
}

function toPage(section: SectionChapter, types: string[], context: Fb2Context): Page {
  const flow = convertFb2(section.elements, context);
  return { section, flow, ...renderWithStarts(flow.blocks), types };
}

function toDraft({ section, flow, text, types }: Page, notes: Note[]): DraftChapter {
  return {
    path: section.path,
    content: flow.blocks,
    notes,
    language: null,
    facts: {
      title: section.title,
      fileName: null,
      words: countWords(text),
      text,
      links: flow.links.length,
      linkShare: text === '' ? 0 : Math.min(1, flow.linkedCharacters / text.length),
      types,
      places: [],
    },
  };
}

/** A body of notes is one page: its notes are copied to the chapters that refer to them. */
function asSection(body: Element): SectionChapter {
  return {
    title: titleOf(body) || (attribute(body, 'name') ?? ''),
    path: [],
    elements: childElements(body),
  };
}

/** Points links at chapters and offsets, and collects the notes of each chapter. */
function tieLinks(pages: Page[], notes: Map<string, Element>, context: Fb2Context): Note[][] {
  const places = new Map<string, { chapter: number; offset: number }>();
  pages.forEach(({ flow, starts, text }, chapter) => {
    for (const [id, { from, at }] of flow.anchors) {
      const leaf = flow.leaves[from];
      const start = leaf ? (starts.get(leaf.block) ?? 0) + at : text.length;
      if (!places.has(id)) places.set(id, { chapter, offset: Math.min(start, text.length) });
    }
  });
  for (const { node, target } of pages.flatMap((page) => page.flow.links)) {
    node.target = { kind: 'book', ...(places.get(target) ?? { chapter: 0, offset: 0 }) };
  }
  const bodies = new Map<string, Block[]>();
  const hasRoom = createNoteBudget();
  const plain: Fb2Context = { ...context, isNote: () => false, isKnown: () => false };
  const bodyOf = (id: string, element: Element): Block[] => {
    const body = bodies.get(id) ?? convertFb2(noteContent(element), plain).blocks;
    bodies.set(id, body);
    return body;
  };
  return pages.map(({ flow, starts, text }) => {
    const collected = new Map<string, Note>();
    for (const { node, target, place } of flow.noteRefs) {
      const element = notes.get(target);
      if (!element) continue;
      const content = bodyOf(target, element);
      if (collected.has(target)) node.note = target;
      if (collected.has(target) || !hasRoom(content)) continue;
      node.note = target;
      const leaf = flow.leaves[place.from];
      const offset = leaf ? (starts.get(leaf.block) ?? 0) + place.at : text.length;
      collected.set(target, { id: target, label: node.label, offset, content });
    }
    return [...collected.values()];
  });
}

/** Sections with an identifier in the bodies of notes. */
function noteElements(bodies: readonly Element[]): Map<string, Element> {
  const all = [...identifiers(bodies)];
  return new Map(all.filter(([, element]) => isNoteSized(element)));
}

/** Elements of the largest note. A body as a whole is no note, and converting it for each mark hurts. */
const MAX_NOTE_ELEMENTS = 300;

function isNoteSized(element: Element): boolean {
  const waiting = [element];
  let seen = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    seen += 1;
    if (seen > MAX_NOTE_ELEMENTS) return false;
    for (const child of childElements(next)) waiting.push(child);
  }
  return element.local !== 'body';
}

/** A note without its title, which repeats the mark. */
function noteContent(element: Element): Element[] {
  const title = childNamed(element, 'title');
  return childElements(element).filter((child) => child !== title);
}

function identifiers(roots: readonly Element[]): Map<string, Element> {
  const found = new Map<string, Element>();
  const walk = (element: Element): void => {
    const id = attribute(element, 'id');
    if (id !== null && !found.has(id)) found.set(id, element);
    childElements(element).forEach(walk);
  };
  roots.forEach(walk);
  return found;
}

function findCover(root: Element, binaries: Binaries): Book['cover'] {
  const page = firstNamed(root, 'coverpage');
  const image = page && firstNamed(page, 'image');
  const id = image && binaries.add((attribute(image, 'href') ?? '').replace(/^#/, ''));
  return id ? { image: id, alt: '' } : null;
}

function tocEntries(
  entries: readonly SectionEntry[],
  indexOf: Map<SectionChapter, number>,
  titleAt: (index: number) => string,
): TocEntry[] {
  return entries.map(({ label, chapter, children }) => {
    const index = (chapter && indexOf.get(chapter)) ?? null;
    return {
      label: label || (index === null ? '' : titleAt(index)),
      chapter: index,
      offset: index === null ? null : 0,
      children: tocEntries(children, indexOf, titleAt),
    };
  });
}

function withoutBody(): DocumentError {
  return new DocumentError(
    'document.damaged_fb2',
    'The FB2 file has no body: there is no text in it. Check it in a reading program and send it again.',
  );
}
