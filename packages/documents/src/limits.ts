const MIB = 1024 * 1024;

/** What a document may cost. All files are hostile until read; see DEFAULT_LIMITS for the figures. */
export interface Limits {
  /** Bytes of the file as sent. */
  documentBytes: number;
  archiveEntries: number;
  /** Unpacked bytes of one archive entry, counted while reading. */
  entryBytes: number;
  /** Unpacked bytes of all archive entries together, as declared in the directory. */
  archiveBytes: number;
  /** Unpacked through packed size, for entries above one mebibyte. */
  compressionRatio: number;
  /** Bytes of all text documents of an EPUB together, unpacked, and of a plain text. */
  textBytes: number;
  /** Nesting of elements in XML and HTML. */
  elementDepth: number;
  /** Elements of all text documents together, lines of a plain text: each takes about 1 kB of memory. */
  elements: number;
  /** UTF-16 code units that one entity of a DTD stands for, everything in it included. */
  entityCharacters: number;
  /** How often entities may stand inside of entities. */
  entityDepth: number;
  tocEntries: number;
  tocDepth: number;
  chapters: number;
  /** UTF-16 code units of plain text in one chapter. */
  chapterCharacters: number;
  /** Bytes of one picture; larger ones are left out with a warning. */
  imageBytes: number;
  /** The same for SVG, which is parsed and written anew. */
  svgBytes: number;
  /** Bytes of all pictures of a book; the rest is left out with a warning. */
  allImagesBytes: number;
}

/**
 * Largest values among 651 real EPUBs: 2,020 entries, 36 MB unpacked, a text entry of 2.2 MB, ratio
 * 32, element depth 24, table of contents 7 deep; in a part of them 25 MB of text documents and 272,626
 * elements (a textbook of mathematics). These limits cost no real book.
 */
export const DEFAULT_LIMITS: Readonly<Limits> = {
  documentBytes: 100 * MIB,
  archiveEntries: 20_000,
  entryBytes: 64 * MIB,
  archiveBytes: 512 * MIB,
  compressionRatio: 200,
  textBytes: 64 * MIB,
  elementDepth: 256,
  elements: 600_000,
  entityCharacters: 65_536,
  entityDepth: 16,
  tocEntries: 20_000,
  tocDepth: 32,
  chapters: 5_000,
  chapterCharacters: 20_000_000,
  imageBytes: 10 * MIB,
  svgBytes: 4 * MIB,
  allImagesBytes: 60 * MIB,
};

/** What a PDF may cost. */
export interface PdfLimits {
  /** Bytes of the file as sent. */
  documentBytes: number;
  pages: number;
  /** UTF-16 code units of one page, white space included. */
  pageCharacters: number;
  /** The same for all pages. */
  characters: number;
  /** Entries of the outline. */
  outlineEntries: number;
  /** Memory of the reader in bytes, the file included. */
  memoryBytes: number;
  /** Milliseconds for one page. Looked at when the page is read: a page is read in one go. */
  pageMs: number;
  /** A page with fewer characters than this counts as one without text… */
  textlessCharacters: number;
  /** …and a document in which so many of the pages have no text (0 to 1) is refused as a scan. */
  textlessShare: number;
}

/**
 * A PDF of 950 pages with engraved music has 29 MB, takes 236 MB of memory and 6 ms a page; a page of a dense newspaper has some
 * 40,000 characters.
 */
export const DEFAULT_PDF_LIMITS: Readonly<PdfLimits> = {
  documentBytes: 200 * MIB,
  pages: 5_000,
  pageCharacters: 200_000,
  characters: 20_000_000,
  outlineEntries: 20_000,
  memoryBytes: 768 * MIB,
  pageMs: 10_000,
  textlessCharacters: 20,
  textlessShare: 0.8,
};

/** Below this size a high ratio harms nobody: a blank page compresses a thousandfold. */
export const RATIO_FREE_BYTES = MIB;
