import type { Warning } from '../warnings.ts';

/**
 * A document of pages (PDF) as its reader returns it: paragraphs in reading order, free of running heads, page
 * numbers and the hyphens of line ends. Paragraphs may run over several pages. Plain JSON.
 */
export interface Pages {
  pageCount: number;
  /** From the metadata, else from the first page. */
  title: string | null;
  author: string | null;
  /** What the file itself declares (`fr`, `en-GB`), null where it declares nothing. Nothing is guessed here. */
  language: string | null;
  /** Words of all paragraphs, headings included. */
  words: number;
  paragraphs: readonly PageParagraph[];
  /** In reading order; empty where no heading and no outline was found. */
  chapters: readonly PageChapter[];
  warnings: readonly Warning[];
}

export interface PageParagraph {
  kind: 'text' | 'heading';
  text: string;
  /** Where pages begin inside of `text` (UTF-16 code units); the first has offset 0. Pages count from 1. */
  pages: readonly { offset: number; page: number }[];
}

export interface PageChapter {
  title: string;
  /** 1 is the outermost. */
  level: number;
  /** Index of its first paragraph. */
  paragraph: number;
}

/**
 * A line as it stands on the page. Lengths are in points of the visible box (media box cut by crop box): x from its
 * left edge, y from its top edge downwards.
 */
export interface PdfLine {
  /**
   * NFC, ligatures as letters, without control characters. Ends in U+FFFE where the line ends in a hyphen; whether that
   * hyphen belongs to the word is not known yet.
   */
  text: string;
  x0: number;
  x1: number;
  /** The baseline. */
  y: number;
  /** Effective font size: after the text matrix. */
  size: number;
  isBold?: boolean;
}

export interface PdfPage {
  /** From 0. */
  index: number;
  width: number;
  height: number;
  /** In the order of the file, which is the order of reading, columns one after the other. */
  lines: readonly PdfLine[];
  /** Hardly any text, but something drawn: the picture of a page, or a plate. */
  isPicture?: boolean;
}

export interface PdfOutlineItem {
  title: string;
  /** 1 is the outermost. */
  level: number;
  /** From 0. */
  page: number;
  /** Points from the top of the visible box; null where the entry means the page as a whole. */
  y: number | null;
}

export interface PdfMetadata {
  title: string | null;
  author: string | null;
  language: string | null;
}

/** What the layout of pages is found from. */
export interface PdfParts {
  pageCount: number;
  metadata: PdfMetadata;
  outline: readonly PdfOutlineItem[];
  pages: readonly PdfPage[];
}

/** An open file. Its bytes and whatever the reader made of them stay in memory until `close`. */
export interface PdfDocument {
  readonly pageCount: number;
  readonly metadata: PdfMetadata;
  /** In reading order; links to the web are left out. */
  readonly outline: readonly PdfOutlineItem[];
  /** Reads one page, from 0; nothing of it stays in memory. Throws DocumentError, also when the page takes too long. */
  page(index: number): PdfPage;
  close(): void;
}
