import type { PageClass, ReasonCode } from './classify/classify-page.ts';
import type { Block, ImageRef } from './content/tree.ts';
import type { Warning } from './warnings.ts';

export type BookFormat = 'epub' | 'fb2' | 'txt' | 'mobi';

/** Which rung of the ladder the table of contents was made from. */
export type TocSource = 'nav' | 'ncx' | 'guide' | 'headings' | 'spine' | 'sections';

/** A document read whole: plain JSON but for the bytes of the pictures. */
export interface Book {
  format: BookFormat;
  metadata: Metadata;
  cover: ImageRef | null;
  toc: TocEntry[];
  tocSource: TocSource;
  /** In reading order; at least one. */
  chapters: Chapter[];
  /** The pictures that `cover` and the chapters refer to, as far as the limits allow. */
  images: BookImage[];
  warnings: Warning[];
}

export interface Metadata {
  /** Never empty: the file's name without extension, or "Untitled", when the book has none. */
  title: string;
  authors: string[];
  /** BCP 47, or null when the book does not say or is written in another script than it says. */
  language: string | null;
  identifier?: string;
  publisher?: string;
  /** As the book writes it: mostly `2008` or `2008-05-01`. */
  date?: string;
  /** Plain text, paragraphs separated by a blank line. */
  description?: string;
  direction?: 'ltr' | 'rtl';
}

export interface TocEntry {
  label: string;
  /** Index into `Book.chapters`; null for a mere group title or a target outside of the book. */
  chapter: number | null;
  /** Place in the chapter's text, UTF-16 code units; null exactly when `chapter` is. */
  offset: number | null;
  children: TocEntry[];
}

export interface Chapter {
  index: number;
  title: string;
  /** Titles of the parts above, outermost first. */
  path: string[];
  content: Block[];
  notes: Note[];
  /** Words of the text, see `countWords`. */
  words: number;
  pageClass: PageClass;
  /** Which signal decided, in words, and for programs. */
  pageClassReason: string;
  pageClassCode: ReasonCode;
  pageClassParams: Readonly<Record<string, string | number>>;
  /** BCP 47, only where it differs from the book's. */
  language?: string;
}

/** A foot- or endnote taken out of the flow. It belongs to the chapter that refers to it first. */
export interface Note {
  id: string;
  /** What the text shows: "1", "*"; empty for a note nothing refers to. */
  label: string;
  /** Where in the chapter's text the mark stands, UTF-16 code units. */
  offset: number;
  content: Block[];
}

export interface BookImage {
  id: string;
  mediaType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/svg+xml';
  bytes: Uint8Array;
}
