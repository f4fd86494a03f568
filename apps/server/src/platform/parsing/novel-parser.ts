import { parsePdf, type Pages, type PageParagraph, type Warning } from '@scriptorium/documents';
import { detectLanguage, segmentSentences } from '@scriptorium/llm';
import type { FileFacts, OnProgress } from './parsers.ts';

/** Raised whenever the same file may give other sentences, or the same ones under other numbers. */
export const NOVEL_READER_VERSION = 2;

export interface NovelSentence {
  /** From 1, through the whole document. */
  readonly id: number;
  readonly text: string;
  /** What begins with it. Absent inside of a paragraph. */
  readonly starts?: 'paragraph' | 'heading';
}

/** A page with the sentences that begin on it. */
export interface NovelPage {
  /** From 1. */
  readonly number: number;
  readonly sentences: readonly NovelSentence[];
}

/** A novel as its rows hold it. */
export interface ParsedNovel {
  readonly title: string | null;
  readonly author: string | null;
  readonly language: string | null;
  readonly pageCount: number;
  readonly words: number;
  readonly sentenceCount: number;
  readonly chapters: readonly {
    readonly title: string;
    readonly level: number;
    readonly page: number;
  }[];
  readonly warnings: readonly Warning[];
  readonly pages: readonly NovelPage[];
}

export interface NovelOptions extends FileFacts {
  readonly password?: string;
  readonly maxPages: number;
}

/**
 * Reads a PDF into numbered sentences.
 *
 * @throws DocumentError for a file that cannot be read
 */
export async function parseNovel(
  bytes: Uint8Array,
  { password, maxBytes, maxPages }: NovelOptions,
  onProgress: OnProgress,
): Promise<ParsedNovel> {
  const pages = await parsePdf(bytes, {
    limits: { documentBytes: maxBytes, pages: maxPages },
    onPage: onProgress,
    ...(password === undefined ? {} : { password }),
  });
  return toSentences(pages);
}

/** Characters that are enough to tell a language, and few enough to take no time. */
const LANGUAGE_SAMPLE = 20_000;

/** Gives every sentence its number and the page on which it begins. Pure. */
export function toSentences(pages: Pages): ParsedNovel {
  const language = languageOf(pages);
  const byPage: NovelSentence[][] = Array.from({ length: pages.pageCount }, () => []);
  let id = 0;
  let page = 1;
  for (const paragraph of pages.paragraphs) {
    for (const [index, { start, text }] of sentencesOf(paragraph, language).entries()) {
      id += 1;
      const starts = paragraph.kind === 'heading' ? 'heading' : 'paragraph';
      // A footnote stands behind the paragraph that it interrupts, which may have gone on to the next page. Pages that never
      // fall keep every window a run of numbers.
      page = Math.max(page, pageAt(paragraph, start));
      byPage[page - 1]?.push({ id, text: onOneLine(text), ...(index === 0 ? { starts } : {}) });
    }
  }
  return {
    title: pages.title,
    author: pages.author,
    language,
    pageCount: pages.pageCount,
    words: pages.words,
    sentenceCount: id,
    chapters: pages.chapters.map(({ title, level, paragraph }) => ({
      title,
      level,
      page: pages.paragraphs[paragraph]?.pages[0]?.page ?? 1,
    })),
    warnings: pages.warnings,
    pages: byPage.map((sentences, index) => ({ number: index + 1, sentences })),
  };
}

function sentencesOf({ kind, text }: PageParagraph, language: string | null) {
  if (kind === 'heading') return [{ start: 0, text }];
  return segmentSentences(text, language ?? 'und');
}

/** Verse and addresses keep the ends of their lines in the paragraph; a sentence is a line of a table. */
function onOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/gu, ' ');
}

/** What the text looks like counts more than what the file declares: many programs declare their own language. */
function languageOf({ paragraphs, language }: Pages): string | null {
  let sample = '';
  for (const { kind, text } of paragraphs) {
    if (kind === 'text') sample += `${text}\n`;
    if (sample.length > LANGUAGE_SAMPLE) break;
  }
  return detectLanguage(sample) ?? language?.slice(0, 2).toLowerCase() ?? null;
}

function pageAt({ pages }: PageParagraph, offset: number): number {
  return pages.findLast((mark) => mark.offset <= offset)?.page ?? 1;
}
