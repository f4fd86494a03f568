import { cleanLine } from '../../content/clean.ts';
import { countWords } from '../../content/words.ts';
import { createWarnings } from '../../warnings.ts';
import type { PageChapter, Pages, PdfPage, PdfParts } from '../pages.ts';
import { headingChapters, outlineChapters } from './chapters.ts';
import { cleanPage, mergeRows } from './clean-pages.ts';
import { mergeDropCaps } from './drop-caps.ts';
import type { FlowLine } from './flow-line.ts';
import { findHeadings } from './headings.ts';
import { createHyphenRules } from './hyphens.ts';
import { narrowBlocks, toFlow, usualIndent } from './margins.ts';
import { measure } from './measure.ts';
import type { Metrics } from './measure.ts';
import { isUsefulOutline, placeOutline } from './outline.ts';
import { buildParagraphs } from './paragraphs.ts';
import { findRunningHeads } from './running-heads.ts';
import { documentTitle } from './title.ts';
import { readVocabulary, toKey } from './vocabulary.ts';

/**
 * Turns the lines of all pages into paragraphs and chapters. Pure: the same parts give the same `Pages`. Nothing but
 * running heads, page numbers and hyphens of line ends is left out. A line break inside of a paragraph's text (`\n`) is
 * one of the original: verse, an address, the name below a chapter's number.
 */
export function layoutPages(parts: PdfParts): Pages {
  const { list: warnings, warn } = createWarnings();
  const { pages, metrics } = readLines(parts.pages);
  const lines = pages.flat();
  const outline = isUsefulOutline(parts.outline, parts.pageCount) ? parts.outline : [];
  if (outline.length === 0 && parts.outline.length > 1) {
    warn('outline.ignored', `The outline lists ${parts.outline.length} pages, not chapters.`, {
      count: parts.outline.length,
    });
  }
  const places = placeOutline(outline, pages);
  const { keepsHyphen } = createHyphenRules(lines);
  const drafts = buildParagraphs(pages, {
    bodySize: metrics.bodySize,
    usualIndent: usualIndent(lines),
    headings: findHeadings(pages, metrics, places.entryOf),
    keepsHyphen,
  });
  const chapters: PageChapter[] =
    outline.length > 0 ? outlineChapters(outline, places, drafts) : headingChapters(drafts);
  if (outline.length === 0) {
    warn(
      'chapters.headings',
      `Without an outline, ${chapters.length} chapters were found by their headings.`,
      { count: chapters.length },
    );
  }
  return {
    pageCount: parts.pageCount,
    title: documentTitle(parts.metadata.title, drafts),
    author: cleanLine(parts.metadata.author ?? '') || null,
    language: cleanLine(parts.metadata.language ?? '') || null,
    words: drafts.reduce((sum, { paragraph }) => sum + countWords(paragraph.text), 0),
    paragraphs: drafts.map(({ paragraph }) => paragraph),
    chapters,
    warnings,
  };
}

/** The lines of running text by page index, without heads and page numbers. */
function readLines(input: readonly PdfPage[]): { pages: FlowLine[][]; metrics: Metrics } {
  const cleaned = input.map(cleanPage);
  const metrics = measure(cleaned);
  const heads = findRunningHeads(cleaned, metrics);
  const rows = cleaned.map((page) => ({
    ...page,
    lines: mergeRows(page.lines.filter((line) => !heads.has(line))),
  }));
  // Few books have large initials: for the others no vocabulary is read here.
  let words: ReadonlyMap<string, number> | undefined;
  const isWord = (word: string): boolean => {
    words ??= readVocabulary(toFlow(rows, metrics).flat()).plain;
    return words.has(toKey(word));
  };
  const texts = rows.map((page) => ({
    ...page,
    lines: mergeDropCaps(page.lines, metrics.bodySize, isWord),
  }));
  return { pages: toFlow(texts, metrics).map(narrowBlocks), metrics };
}
