import type { Archive } from './archive/zip.ts';
import type { Book } from './book.ts';
import { checkedLanguage } from './check-language.ts';
import { detectArchiveKind, detectKind } from './detect-format.ts';
import { decodeText, warnOfRepair } from './encoding/decode-text.ts';
import { DocumentError } from './errors.ts';
import type { Limits } from './limits.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { ReadContext } from './read-context.ts';
import { createWarnings } from './warnings.ts';

export interface ParseOptions {
  /** Only for the title of a book that has none; the format is found from the bytes. */
  fileName?: string;
  limits?: Partial<Limits>;
  signal?: AbortSignal;
}

/**
 * The reader of each format is loaded by the first book of that format: 30 modules that an EPUB does not need are 30 ms and 7 MB
 * of a process.
 */
const load = {
  archive: async () => (await import('./archive/zip.ts')).openArchive,
  epub: async () => (await import('./epub/read-epub.ts')).readEpub,
  fb2: async () => (await import('./fb2/read-fb2.ts')).readFb2,
  mobi: async () => (await import('./mobi/read-mobi.ts')).readMobi,
  txt: async () => (await import('./txt/read-txt.ts')).readTxt,
};

/**
 * Reads a document: EPUB 2 and 3, FB2 (also zipped), MOBI 6, plain text. Pure: no disk, no network, no clock.
 * Throws DocumentError for a file that cannot be read, or `signal.reason` when aborted. The signal is
 * looked at between the files of an EPUB and the pages of a MOBI; one FB2 or text is read in one go (64 MB take some seconds).
 */
export async function parseBook(bytes: Uint8Array, options: ParseOptions = {}): Promise<Book> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { list, warn } = createWarnings();
  const { fileName, signal } = options;
  signal?.throwIfAborted();
  if (bytes.byteLength === 0) {
    throw new DocumentError('document.empty', 'The file is empty (0 bytes). Choose another file.');
  }
  if (bytes.byteLength > limits.documentBytes) {
    throw new DocumentError(
      'document.too_large',
      `The file has ${bytes.byteLength} bytes, more than the ${limits.documentBytes} that are accepted. ` +
        'Remove pictures from it or send it in volumes.',
      { bytes: bytes.byteLength, limit_bytes: limits.documentBytes },
    );
  }
  const book = await parse(bytes, { limits, warnings: list, warn, fileName, signal });
  const language = checkedLanguage(book, warn);
  return { ...book, metadata: { ...book.metadata, language }, warnings: [...list] };
}

async function parse(bytes: Uint8Array, context: ReadContext): Promise<Book> {
  const kind = detectKind(bytes);
  if (kind === 'mobi') return (await load.mobi())(bytes, context);
  if (kind === 'text') return parseText(bytes, context);
  if (kind !== 'zip') throw unsupported(kind);
  const openArchive = await load.archive();
  const archive = await openArchive(bytes, context.limits, context.warn);
  const found = detectArchiveKind(archive);
  switch (found.kind) {
    case 'epub':
      return (await load.epub())(archive, context);
    case 'fb2':
      return parseText(await onlyFb2(archive, found.names), context);
    case 'nested-epub': {
      const inner = await archive.read(found.name);
      if (detectKind(inner) !== 'zip') throw unsupported('a damaged EPUB inside of an archive');
      const opened = await openArchive(inner, context.limits, context.warn);
      return (await load.epub())(opened, context);
    }
    case 'other':
      throw unsupported(found.what);
  }
}

/** The names are not shown: without the flag for UTF-8, Cyrillic ones are unreadable. */
async function onlyFb2(archive: Archive, names: string[]): Promise<Buffer> {
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw new DocumentError(
      'document.too_many_fb2',
      `The archive holds ${names.length} FB2 books. Unpack it and send them one by one.`,
      { books: names.length },
    );
  }
  return archive.read(name);
}

async function parseText(bytes: Uint8Array, context: ReadContext): Promise<Book> {
  const { text, repair } = decodeText(bytes);
  warnOfRepair(context.warn, repair, context.fileName ?? 'The text');
  const head = text.slice(0, 4096);
  if (/<(\w+:)?FictionBook[\s>]/.test(head)) return (await load.fb2())(text, context);
  if (/^\s*(<\?xml|<!doctype html|<html)/i.test(head)) throw unsupported('a file of HTML or XML');
  return (await load.txt())(text, context);
}

function unsupported(detected: string): DocumentError {
  return new DocumentError(
    'document.unsupported_format',
    `This is no EPUB, FB2, MOBI or plain text: the file looks like ${detected}. ` +
      'Convert it to EPUB, for instance with calibre, and send the result.',
    { detected },
  );
}
