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
  tocEntries: 20_000,
  tocDepth: 32,
  chapters: 5_000,
  chapterCharacters: 20_000_000,
  imageBytes: 10 * MIB,
  svgBytes: 4 * MIB,
  allImagesBytes: 60 * MIB,
};

/** Below this size a high ratio harms nobody: a blank page compresses a thousandfold. */
export const RATIO_FREE_BYTES = MIB;
