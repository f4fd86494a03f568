import type { Chapter, Metadata, Note, TocEntry } from './book.ts';
import type { UnplacedPage } from './classify/classify-book.ts';
import { classifyBook } from './classify/classify-book.ts';
import type { Block } from './content/tree.ts';
import { DocumentError } from './errors.ts';
import type { Limits } from './limits.ts';

/** A chapter before it has a place in the book and a class. */
export interface DraftChapter {
  path: string[];
  content: Block[];
  notes: Note[];
  language: string | null;
  /** What the classifier sees, the title (which may be empty) and the words among it. */
  facts: UnplacedPage;
}

const NUMBERED: Readonly<Record<string, string>> = {
  fr: 'Chapitre',
  ru: 'Глава',
  uk: 'Розділ',
  de: 'Kapitel',
  es: 'Capítulo',
  it: 'Capitolo',
};

/**
 * Numbers, names and classifies the chapters of a book.
 * Throws DocumentError when there is none, there are too many or one is too large.
 */
export function finishChapters(
  drafts: readonly DraftChapter[],
  metadata: Metadata,
  limits: Limits,
): Chapter[] {
  if (drafts.length === 0) throw emptyBook();
  refuseTooMany(drafts.length, limits);
  const verdicts = classifyBook(drafts.map((draft) => draft.facts));
  return drafts.map(({ path, content, notes, language, facts }, index) => {
    if (facts.text.length > limits.chapterCharacters) {
      throw chapterTooLarge(facts.text.length, limits);
    }
    const verdict = verdicts[index];
    if (verdict === undefined) throw new RangeError(`Page ${index} has no verdict.`);
    return {
      index,
      title: facts.title || numberedTitle(index, metadata.language),
      path,
      content,
      notes,
      words: facts.words,
      pageClass: verdict.pageClass,
      pageClassReason: verdict.reason,
      pageClassCode: verdict.code,
      pageClassParams: verdict.params,
      ...(language !== null && language !== metadata.language ? { language } : {}),
    };
  });
}

/** "Chapter 3" in the language of the book. */
export function numberedTitle(index: number, language: string | null): string {
  const [primary = ''] = (language ?? '').split('-');
  return `${NUMBERED[primary] ?? 'Chapter'} ${index + 1}`;
}

function emptyBook(): DocumentError {
  return new DocumentError(
    'document.empty',
    'The book has neither text nor pictures. Check the file in a reading program and send it again.',
  );
}

/** Throws DocumentError `document.too_many_chapters`. */
export function refuseTooMany(chapters: number, limits: Limits): void {
  if (chapters <= limits.chapters) return;
  throw new DocumentError(
    'document.too_many_chapters',
    `The book has ${chapters} chapters, more than the ${limits.chapters} that are accepted. Send it in volumes.`,
    { chapters, limit: limits.chapters },
  );
}

/**
 * Returns the table of contents if it keeps to the limits, else throws DocumentError
 * `document.too_many_toc_entries` or `document.too_deep`.
 */
export function checkToc(toc: TocEntry[], limits: Limits): TocEntry[] {
  let entries = 0;
  let level = toc;
  for (let depth = 1; level.length > 0; depth += 1) {
    entries += level.length;
    if (entries > limits.tocEntries) throw tooManyTocEntries(limits);
    if (depth > limits.tocDepth) throw tocTooDeep(limits);
    level = level.flatMap((entry) => entry.children);
  }
  return toc;
}

export function tooManyTocEntries({ tocEntries }: Limits): DocumentError {
  return new DocumentError(
    'document.too_many_toc_entries',
    `The table of contents has more than ${tocEntries} entries. Send the book in volumes.`,
    { limit: tocEntries },
  );
}

export function tocTooDeep({ tocDepth }: Limits): DocumentError {
  return new DocumentError(
    'document.too_deep',
    `The table of contents is nested more than ${tocDepth} deep. ` +
      'Convert the book with another program, such as calibre, and send the result.',
    { limit: tocDepth },
  );
}

function chapterTooLarge(length: number, limits: Limits): DocumentError {
  return new DocumentError(
    'document.chapter_too_large',
    `One chapter has ${length} characters, more than the ${limits.chapterCharacters} that are accepted. ` +
      'Give the book headings or a table of contents, so that it can be divided.',
    { characters: length, limit: limits.chapterCharacters },
  );
}
