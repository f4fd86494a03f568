import { countWords } from '../content/words.ts';
import {
  CHAPTER_TYPES,
  DIVIDER_TITLE,
  DIVIDER_TYPES,
  LONG_SERVICE_TITLE,
  MATTER_FILE,
  MATTER_TITLE,
  MATTER_TYPES,
  NOTES_TITLE,
  NOTES_TYPES,
  PROLOGUE_TITLE,
  REAL_TITLE,
  SERVICE_FILE,
  SERVICE_TITLE,
  SERVICE_TYPES,
  SERVICE_WORDING,
} from './patterns.ts';

/**
 * `service`: title page, imprint, contents, index, adverts. `matter`: dedication, epigraph,
 * acknowledgements. `notes`: foot- and endnotes. `divider`: title page of a part. `chapter`: all else,
 * preface and epilogue included.
 */
export type PageClass = 'chapter' | 'service' | 'divider' | 'matter' | 'notes';

/** What is known about a page; nothing else decides. */
export interface PageFacts {
  /** From the table of contents, else the first heading, else the `title`; may be empty. */
  title: string;
  /** Name inside the archive, or null. */
  fileName: string | null;
  words: number;
  /** Plain text; pages of 1,500 words and more are not searched, so it may be empty for those. */
  text: string;
  /** Links into the book, and the share (0 to 1) of the text that stands inside of them. */
  links: number;
  linkShare: number;
  /** `epub:type` words and DPUB roles of what encloses most of the page; the name of an FB2 body. */
  types: readonly string[];
  /** Types that `landmarks` and the OPF `guide` give to the place where the page begins. */
  places: readonly string[];
  /** Position among all pages of the book, from 0. */
  index: number;
}

export interface BookFacts {
  pages: number;
  /** Three quarters of its pages have at most this many words; below 60 it is a picture book. */
  typicalWords: number;
}

export type ReasonCode =
  | 'page.marked'
  | 'page.called'
  | 'page.titled'
  | 'page.file_named'
  | 'page.divider_titled'
  | 'page.links'
  | 'page.wording'
  | 'page.short'
  | 'page.short_in_front'
  | 'page.prologue'
  | 'page.nothing_against'
  | 'page.only_text';

/** Number of the signal that decided; 0 is what the publisher says, 9 is "nothing speaks against". */
export type Signal = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

export interface Verdict {
  pageClass: PageClass;
  signal: Signal;
  reason: string;
  /** The reason for programs. */
  code: ReasonCode;
  /** The values that the reason names. */
  params: Readonly<Record<string, string | number>>;
}

const PICTURE_BOOK_WORDS = 60;
/** Words besides its title that the title page of a part may have. */
const BARE_PAGE_WORDS = 12;
const SHORT_PAGE_WORDS = 1500;
const LONG_PAGE_WORDS = 6000;

/**
 * Decides what a page is: a pure, total function of the document. The first signal with a verdict
 * wins; when in doubt the page is a chapter, since a page of text too many costs little and a lost
 * chapter is a defect.
 */
export function classifyPage(page: PageFacts, book: BookFacts): Verdict {
  const isPrologue =
    PROLOGUE_TITLE.test(page.title) || page.types.some((type) => /^(pro|epi)logue$/.test(type));
  if (isPrologue && page.words > 500) {
    return {
      pageClass: 'chapter',
      signal: 0,
      reason: `a prologue or epilogue of ${page.words} words is always text`,
      code: 'page.prologue',
      params: { count: page.words },
    };
  }
  return (
    byTypes(page.types, page.words, MARKED) ??
    byPlaces(page) ??
    byTitle(page, book, isPrologue) ??
    byFileName(page, book) ??
    byLinks(page) ??
    byWording(page, book) ??
    bySize(page, book, isPrologue) ??
    NOTHING_AGAINST
  );
}

const NOTHING_AGAINST: Verdict = {
  pageClass: 'chapter',
  signal: 9,
  reason: 'nothing speaks against it being text',
  code: 'page.nothing_against',
  params: {},
};

interface TypeSource {
  words: string;
  code: ReasonCode;
}

const MARKED: TypeSource = { words: 'the publisher marks it as', code: 'page.marked' };
const CALLED: TypeSource = { words: 'the landmarks or the guide call it', code: 'page.called' };

/** Signal 0: types the publisher wrote into the document. */
function byTypes(types: readonly string[], words: number, source: TypeSource): Verdict | null {
  const find = (list: readonly string[]): string | undefined =>
    types.find((type) => list.includes(type));
  const said = (pageClass: PageClass, type: string): Verdict => ({
    pageClass,
    signal: 0,
    reason: `${source.words} "${type}"`,
    code: source.code,
    params: { type },
  });

  const service = find(SERVICE_TYPES);
  if (service !== undefined) return said('service', service);
  const notes = find(NOTES_TYPES);
  if (notes !== undefined) return said('notes', notes);
  const matter = find(MATTER_TYPES);
  if (matter !== undefined) return said('matter', matter);
  const divider = find(DIVIDER_TYPES);
  if (divider !== undefined && words < 80) return said('divider', divider);
  const chapter = find(CHAPTER_TYPES);
  if (chapter !== undefined && words > 150) return said('chapter', chapter);
  return null;
}

/** Signal 0, second half: a guide names a file, and a file may hold the whole book. */
function byPlaces(page: PageFacts): Verdict | null {
  const found = byTypes(page.places, page.words, CALLED);
  const isTooLong =
    found?.pageClass === 'service' && page.words > LONG_PAGE_WORDS && page.linkShare < 0.15;
  return isTooLong ? null : found;
}

/** Signals 1 to 4. */
function byTitle(page: PageFacts, book: BookFacts, isPrologue: boolean): Verdict | null {
  const { title, fileName, words } = page;
  if (words < SHORT_PAGE_WORDS) {
    if (MATTER_TITLE.test(title)) return byItsTitle('matter', 1, title);
    if (fileName !== null && MATTER_FILE.test(fileName)) {
      return byItsFile('matter', 1, fileName);
    }
  }
  const mayDivide = words < 80 && book.typicalWords >= PICTURE_BOOK_WORDS && !isPrologue;
  if (mayDivide && DIVIDER_TITLE.test(title)) {
    return {
      pageClass: 'divider',
      signal: 2,
      reason: `its title is "${title}" and it has ${words} words`,
      code: 'page.divider_titled',
      params: { title, count: words },
    };
  }
  if (NOTES_TITLE.test(title)) return byItsTitle('notes', 3, title);
  if (!SERVICE_TITLE.test(title)) return null;
  const isTooLong =
    words > LONG_PAGE_WORDS && page.linkShare < 0.15 && !LONG_SERVICE_TITLE.test(title);
  return isTooLong ? null : byItsTitle('service', 4, title);
}

/** Signal 5. */
function byFileName(page: PageFacts, book: BookFacts): Verdict | null {
  const { fileName } = page;
  if (fileName === null || !isFrontOrBack(page, book) || !SERVICE_FILE.test(fileName)) return null;
  // Converters name chapters and whole books "index.html".
  if (hasRealTitle(page)) return null;
  if (page.words > SHORT_PAGE_WORDS && page.linkShare < 0.15) return null;
  return byItsFile('service', 5, fileName);
}

/** Signal 6. */
function byLinks(page: PageFacts): Verdict | null {
  if (page.links < 8 || page.linkShare <= 0.4) return null;
  const share = Math.round(page.linkShare * 100);
  return {
    pageClass: 'service',
    signal: 6,
    reason: `${share} % of it are links into the book (${page.links} of them)`,
    code: 'page.links',
    params: { percent: share, count: page.links },
  };
}

/** Signal 7. */
function byWording(page: PageFacts, book: BookFacts): Verdict | null {
  const { words } = page;
  const isCandidate = words < SHORT_PAGE_WORDS && isFrontOrBack(page, book) && !hasRealTitle(page);
  if (!isCandidate) return null;
  const hits = SERVICE_WORDING.filter((pattern) => pattern.test(page.text)).length;
  const needed = words < 120 ? 1 : words < 700 ? 2 : 3;
  if (hits < needed) return null;
  return {
    pageClass: 'service',
    signal: 7,
    reason: `it is worded like an imprint or advert (${hits} signs in ${words} words)`,
    code: 'page.wording',
    params: { count: hits, words },
  };
}

/**
 * Signal 8. Beyond the first pages a page must have next to nothing but its title: a poem of thirty
 * words with a title of its own is text.
 */
function bySize(page: PageFacts, book: BookFacts, isPrologue: boolean): Verdict | null {
  const isTiny = page.words < 40 && book.typicalWords >= PICTURE_BOOK_WORDS;
  if (!isTiny || hasRealTitle(page) || isPrologue) return null;
  const reason = `it has only ${page.words} words and no title of a chapter`;
  const params = { count: page.words };
  if (page.index < 4) {
    return {
      pageClass: 'service',
      signal: 8,
      reason: `${reason}, among the first pages`,
      code: 'page.short_in_front',
      params,
    };
  }
  return page.words - countWords(page.title) < BARE_PAGE_WORDS
    ? { pageClass: 'divider', signal: 8, reason, code: 'page.short', params }
    : null;
}

function hasRealTitle(page: PageFacts): boolean {
  return REAL_TITLE.test(page.title);
}

function isFrontOrBack(page: PageFacts, book: BookFacts): boolean {
  const { index } = page;
  const isFront = index < 8 || index < book.pages * 0.12;
  return isFront || index >= book.pages - 6 || index > book.pages * 0.93;
}

function byItsTitle(pageClass: PageClass, signal: Signal, title: string): Verdict {
  const reason = `its title is "${title}"`;
  return { pageClass, signal, reason, code: 'page.titled', params: { title } };
}

function byItsFile(pageClass: PageClass, signal: Signal, file: string): Verdict {
  const reason = `its file is named ${file}`;
  return { pageClass, signal, reason, code: 'page.file_named', params: { file } };
}
