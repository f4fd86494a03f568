import { shortLine } from '../content/clean.ts';
import type { Element } from '../markup/dom.ts';
import { childElements, childNamed, childrenNamed, textOf } from '../markup/dom.ts';

/** A chapter of an FB2 body: the elements it is made of, in reading order. */
export interface SectionChapter {
  /** Empty when neither the section nor what it stands in has one. */
  title: string;
  path: string[];
  elements: Element[];
}

/** An entry of the table of contents; a part without text of its own has no chapter. */
export interface SectionEntry {
  label: string;
  chapter: SectionChapter | null;
  children: SectionEntry[];
}

export interface Sections {
  chapters: SectionChapter[];
  toc: SectionEntry[];
}

/**
 * Divides a body. Chapters are the deepest titled sections; a titled section with titled ones in it is
 * a part, and what it begins with is a chapter under its title. An untitled section goes on with the
 * chapter before it, or begins what it stands in. Without any titles each section is a chapter.
 */
export function divideBody(body: Element): Sections {
  const parents = new Set<Element>();
  if (!findParents(body, parents)) return divideUntitled(body);
  const chapters: SectionChapter[] = [];
  const toc = dividePart(body, { label: titleOf(body), path: [], below: [] }, parents, chapters);
  return { chapters, toc };
}

interface Part {
  label: string;
  /** Titles above the part, and above its chapters. */
  path: string[];
  below: string[];
}

function dividePart(
  element: Element,
  part: Part,
  parents: ReadonlySet<Element>,
  chapters: SectionChapter[],
): SectionEntry[] {
  const entries: SectionEntry[] = [];
  let open: SectionChapter | null = null;
  const begin = (title: string, path: string[], elements: Element[]): SectionChapter => {
    const chapter = { title, path, elements };
    chapters.push(chapter);
    entries.push({ label: title, chapter, children: [] });
    return chapter;
  };
  for (const child of contentOf(element, parents)) {
    const title = child.local === 'section' ? titleOf(child) : '';
    if (parents.has(child)) {
      const inner: Part = { label: title, path: part.below, below: [...part.below, title] };
      entries.push(asEntry(inner, dividePart(child, inner, parents, chapters)));
      open = chapters.at(-1) ?? null;
    } else if (title !== '') {
      open = begin(title, part.below, [child]);
    } else if (!hasContent(child)) {
      continue;
    } else if (open) {
      open.elements.push(child);
    } else {
      const heading = childNamed(element, 'title');
      open = begin(part.label, part.path, heading ? [heading, child] : [child]);
    }
  }
  return entries;
}

/** What a part begins with is no child of its entry but the entry's own chapter. */
function asEntry(part: Part, inside: SectionEntry[]): SectionEntry {
  const [first, ...others] = inside;
  const isOwn = first?.chapter && first.chapter.path === part.path;
  return isOwn
    ? { label: part.label, chapter: first.chapter, children: others }
    : { label: part.label, chapter: null, children: inside };
}

function divideUntitled(body: Element): Sections {
  const label = titleOf(body);
  const groups: Element[][] = [];
  let before: Element[] = [];
  for (const child of childElements(body)) {
    if (child.local !== 'section') before.push(child);
    else if (hasContent(child)) {
      groups.push([...before, child]);
      before = [];
    }
  }
  const rest = before.filter(hasContent);
  if (groups.length === 0) groups.push(rest);
  else groups.at(-1)?.push(...rest);
  const chapters = groups
    .filter((elements) => elements.length > 0)
    .map((elements) => ({ title: groups.length === 1 ? label : '', path: [], elements }));
  return {
    chapters,
    toc: chapters.map((chapter) => ({ label: chapter.title, chapter, children: [] })),
  };
}

/** Notes in `parents` every section that has a titled section somewhere in it. */
function findParents(element: Element, parents: Set<Element>): boolean {
  let found = false;
  for (const section of childrenNamed(element, 'section')) {
    const inside = findParents(section, parents);
    if (inside) parents.add(section);
    found ||= inside || titleOf(section) !== '';
  }
  return found;
}

/** What stands in a part, without its title; an untitled part in it is looked through. */
function contentOf(element: Element, parents: ReadonlySet<Element>): Element[] {
  return childElements(element).flatMap((child) => {
    if (child.local === 'title') return [];
    const isLookedThrough = parents.has(child) && titleOf(child) === '';
    return isLookedThrough ? contentOf(child, parents) : [child];
  });
}

/** Paragraphs of the title joined as sentences: "Глава 1. Приезд". */
export function titleOf(element: Element): string {
  const title = childNamed(element, 'title');
  if (!title) return '';
  const lines = childrenNamed(title, 'p').map((p) => shortLine(textOf(p)));
  const parts = lines.length > 0 ? lines : [shortLine(textOf(title))];
  return shortLine(
    parts
      .filter(Boolean)
      .map((part, i, all) => (i < all.length - 1 ? part.replace(/[.:]$/, '') : part))
      .join('. '),
    300,
  );
}

function hasContent(element: Element): boolean {
  if (element.local === 'image') return true;
  if (/\S/.test(textOf(element))) return true;
  return childElements(element).some(hasContent);
}
