import type { NovelResult, ShortenedSentence } from '@scriptorium/contract';

/** What every format is made of. */
export interface ExportSource {
  readonly result: NovelResult;
  readonly author: string | null;
}

/** A file to hand out. */
export interface ExportedFile {
  readonly mediaType: string;
  readonly fileName: string;
  readonly content: string | Uint8Array;
}

/** What the reader of a file has to know about how it was made, a line each. The same words in every format. */
export function provenance({ result }: ExportSource): string[] {
  const { audit, engine, is_offline: isOffline, sentence_length_limit: limit } = result;
  const lines = [
    `At most ${limit} words a sentence. Made by ${isOffline ? `offline rules, no model (${engine})` : engine}.`,
    auditLine(result),
  ];
  if (result.is_partial) {
    const missing = `${audit.missing} of ${audit.expected} sentences are missing`;
    lines.unshift(`PARTIAL: ${missing}; they stand here as they are in the source.`);
  }
  return lines;
}

function auditLine({ audit }: NovelResult): string {
  const over = audit.labels.over_limit ?? 0;
  const present =
    audit.missing === 0
      ? `All ${audit.expected} sentences present`
      : `${audit.present} of ${audit.expected} sentences present`;
  return `${present}, ${over} over the limit, ${Math.round(audit.share_within_limit * 100)} % within it.`;
}

/** Consecutive sentences that belong together. */
export interface Paragraph {
  readonly isHeading: boolean;
  readonly sentences: readonly ShortenedSentence[];
}

export function paragraphsOf(sentences: readonly ShortenedSentence[]): Paragraph[] {
  const paragraphs: { isHeading: boolean; sentences: ShortenedSentence[] }[] = [];
  for (const sentence of sentences) {
    const last = paragraphs.at(-1);
    if (last === undefined || sentence.is_paragraph_start) {
      paragraphs.push({ isHeading: sentence.is_heading, sentences: [sentence] });
    } else {
      last.sentences.push(sentence);
    }
  }
  return paragraphs;
}

/** A part of the book under one heading; the pages before the first heading have none. */
export interface ExportChapter {
  readonly title: string | null;
  readonly paragraphs: readonly Paragraph[];
}

/** Headings that follow one another are one title: "Chapter I", "In which …". */
export function chaptersOf(sentences: readonly ShortenedSentence[]): ExportChapter[] {
  const chapters: { title: string | null; paragraphs: Paragraph[] }[] = [];
  for (const paragraph of paragraphsOf(sentences)) {
    const last = chapters.at(-1);
    const text = paragraph.sentences.map(({ source }) => source).join(' ');
    if (!paragraph.isHeading) {
      if (last === undefined) chapters.push({ title: null, paragraphs: [paragraph] });
      else last.paragraphs.push(paragraph);
    } else if (last !== undefined && last.paragraphs.length === 0) {
      last.title = `${last.title} ${text}`;
    } else {
      chapters.push({ title: text, paragraphs: [] });
    }
  }
  return chapters;
}

const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that XML 1.0 has no place for, not even escaped. */
const UNPRINTABLE = /(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/gu;

/** Text for the inside of an element or an attribute, in HTML and XML. */
export function escapeMarkup(text: string): string {
  return text.replaceAll(UNPRINTABLE, '').replaceAll(/[&<>"']/gu, (mark) => MARKUP[mark] ?? mark);
}
