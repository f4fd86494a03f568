import type { DocumentErrorCode, DocumentErrorDetails } from '@scriptorium/documents';

/** What a parser is told of every file, beside its own options. */
export interface FileFacts {
  readonly fileName: string;
  readonly maxBytes: number;
}

/** Tells how far a parser has come: pages, parts, whatever it counts. */
export type OnProgress = (done: number, total: number) => void;

/** Throws DocumentError for a file that it cannot read; everything else is a defect and ends its process. */
export type Parser = (
  bytes: Uint8Array,
  options: never,
  onProgress: OnProgress,
) => Promise<unknown>;

interface ParserEntry {
  /** Loaded by the process that runs it, when it is first needed. */
  readonly load: () => Promise<Parser>;
  /** Lets the code be compiled before the first file comes; ends when `isWanted` says so. */
  readonly practise?: (isWanted: () => boolean) => Promise<void>;
}

/**
 * All that parser processes can do. What a parser returns is copied to the caller by the structured clone algorithm: strings and
 * bytes are cheap, deep trees are not.
 */
export const PARSERS = {
  book: {
    load: async () => (await import('./book-parser.ts')).parseStoredBook,
    practise: async (isWanted: () => boolean) => {
      await (await import('./book-warm-up.ts')).warmUp(isWanted);
    },
  },
  novel: { load: async () => (await import('./novel-parser.ts')).parseNovel },
} satisfies Readonly<Record<string, ParserEntry>>;

export type ParserName = keyof typeof PARSERS;

type ParserOf<Name extends ParserName> = Awaited<ReturnType<(typeof PARSERS)[Name]['load']>>;

/** What a parser wants to know of a file. */
export type OptionsOf<Name extends ParserName> = Parameters<ParserOf<Name>>[1];

/** What a parser makes of a file. */
export type Parsed<Name extends ParserName> = Awaited<ReturnType<ParserOf<Name>>>;

/** What a process is sent. */
export interface ParseTask<Options = unknown> {
  readonly parser: ParserName;
  readonly path: string;
  readonly options: Options;
}

/** What a process sends: how far it is, any number of times, and how it ended, once. */
export type ParserMessage<Result = unknown> =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'result'; readonly result: Result; readonly residentBytes: number }
  | {
      readonly kind: 'refusal';
      readonly code: DocumentErrorCode;
      readonly message: string;
      readonly details: DocumentErrorDetails;
      readonly residentBytes: number;
    };
