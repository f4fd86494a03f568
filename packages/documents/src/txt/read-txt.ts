import type { Book, Metadata, TocEntry } from '../book.ts';
import { cleanText, shortLine } from '../content/clean.ts';
import { renderText } from '../content/text.ts';
import type { Block, Inline } from '../content/tree.ts';
import { countWords } from '../content/words.ts';
import { DocumentError } from '../errors.ts';
import type { DraftChapter } from '../finish-chapters.ts';
import { finishChapters } from '../finish-chapters.ts';
import type { Limits } from '../limits.ts';
import { tooComplex } from '../markup/parse-markup.ts';
import { normalizeLanguage, titleFromFileName } from '../metadata.ts';
import type { ReadContext } from '../read-context.ts';
import { splitFrame } from './gutenberg.ts';
import type { TextHeading } from './headings.ts';
import { findHeadings } from './headings.ts';
import type { TextParagraph } from './paragraphs.ts';
import { splitParagraphs } from './paragraphs.ts';

/** Reads a plain text. Chapters come from headings; without any the text is one chapter. */
export function readTxt(source: string, context: ReadContext): Book {
  refuseTooMuch(source, context.limits);
  const frame = splitFrame(cleanText(source));
  const metadata: Metadata = {
    title: shortLine(frame.header.title) || titleFromFileName(context.fileName),
    authors: frame.header.author === '' ? [] : [shortLine(frame.header.author)],
    language: normalizeLanguage(frame.header.language),
  };
  const paragraphs = splitParagraphs(frame.text);
  const headings = findHeadings(paragraphs);
  const drafts = [
    ...frameDraft(frame.before),
    ...divide(paragraphs, headings, metadata.title),
    ...frameDraft(frame.after),
  ];
  const chapters = finishChapters(drafts.filter(hasText), metadata, context.limits);
  const tocSource = headings.length > 0 ? 'headings' : 'spine';
  context.warn(
    'toc.source',
    headings.length > 0
      ? `The table of contents comes from ${headings.length} headings found in the text.`
      : 'No headings were found: the text is one chapter.',
  );
  return {
    format: 'txt',
    metadata,
    cover: null,
    toc: tocOf(chapters),
    tocSource,
    chapters,
    images: [],
    warnings: [...context.warnings],
  };
}

function refuseTooMuch(source: string, limits: Limits): void {
  if (source.length > limits.textBytes) {
    throw new DocumentError(
      'document.too_much_text',
      `The text has ${source.length} characters, more than the ${limits.textBytes} that are accepted. ` +
        'Send it in volumes.',
      { characters: source.length, limit: limits.textBytes },
    );
  }
  let lines = 1;
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) lines += 1;
  if (lines > limits.elements) throw tooComplex(limits.elements);
}

/** One chapter for each heading. A part without text of its own is the path of its chapters only. */
function divide(
  paragraphs: readonly TextParagraph[],
  headings: readonly TextHeading[],
  bookTitle: string,
): DraftChapter[] {
  const drafts: DraftChapter[] = [];
  const [first] = headings;
  const opening = paragraphs.slice(0, first?.at ?? paragraphs.length);
  drafts.push(draft({ title: bookTitle, path: [], heading: null, body: opening }));
  // One part is no division: it is the "Tome I" of a title page.
  const hasParts = headings.filter(({ kind }) => kind === 'part').length > 1;
  let part: string | null = null;
  headings.forEach((heading, i) => {
    const body = paragraphs.slice(heading.at + heading.length, headings[i + 1]?.at);
    const path = part === null || heading.kind === 'part' ? [] : [part];
    if (heading.kind === 'part' && hasParts) part = heading.title;
    drafts.push(draft({ title: heading.title, path, heading, body }));
  });
  return drafts;
}

function draft(parts: {
  title: string;
  path: string[];
  heading: TextHeading | null;
  body: readonly TextParagraph[];
  types?: string[];
}): DraftChapter {
  const { title, path, heading, body, types = [] } = parts;
  const level = heading?.kind === 'part' ? 1 : 2;
  const content: Block[] = [
    ...(heading ? [{ type: 'heading' as const, level, content: [textNode(heading.title)] }] : []),
    ...body.map(toBlock),
  ];
  const text = renderText(content);
  const words = countWords(text);
  const facts = { title, fileName: null, words, text, links: 0, linkShare: 0, types, places: [] };
  return { path, content, notes: [], language: null, facts };
}

/** Header and licence of Project Gutenberg are pages of their own: marked, not dropped. */
function frameDraft(source: string): DraftChapter[] {
  const body = splitParagraphs(source);
  const title = 'Project Gutenberg';
  return body.length === 0
    ? []
    : [draft({ title, path: [], heading: null, body, types: ['copyright-page'] })];
}

function toBlock(paragraph: TextParagraph): Block {
  const [line = ''] = paragraph.lines;
  return paragraph.isVerse
    ? { type: 'verse', lines: paragraph.lines.map((verse) => [textNode(verse)]) }
    : { type: 'paragraph', content: [textNode(line)] };
}

function textNode(line: string): Inline {
  return { type: 'text', text: line.replace(/[ \t]+/g, ' ').trim() };
}

function hasText(chapter: DraftChapter): boolean {
  return chapter.facts.text.trim() !== '';
}

/** Parts hold the chapters that name them in their path. */
function tocOf(chapters: Book['chapters']): TocEntry[] {
  const toc: TocEntry[] = [];
  let part: TocEntry | null = null;
  for (const { title, path, index } of chapters) {
    const entry: TocEntry = { label: title, chapter: index, offset: 0, children: [] };
    if (part && path[0] === part.label) {
      part.children.push(entry);
      continue;
    }
    toc.push(entry);
    part = entry;
  }
  return toc;
}
