import { openArchive } from './archive/zip.ts';
import type { Book } from './book.ts';
import { detectArchiveKind, detectKind } from './detect-format.ts';
import type { ReadContext } from './epub/read-epub.ts';
import { readEpub } from './epub/read-epub.ts';
import { DocumentError } from './errors.ts';
import type { Limits } from './limits.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { createWarnings } from './warnings.ts';

export interface ParseOptions {
  /** Only for the title of a book that has none; the format is found from the bytes. */
  fileName?: string;
  limits?: Partial<Limits>;
  signal?: AbortSignal;
}

/**
 * Reads a document: EPUB 2 and 3. Pure: no disk, no network, no clock.
 * Throws DocumentError for a file that cannot be read, or `signal.reason` when aborted.
 */
export async function parseBook(bytes: Uint8Array, options: ParseOptions = {}): Promise<Book> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { list, warn } = createWarnings();
  const { fileName, signal } = options;
  const context: ReadContext = { limits, warnings: list, warn, fileName, signal };
  if (bytes.byteLength === 0) {
    throw new DocumentError('document.empty', 'The file is empty (0 bytes). Choose another file.');
  }
  if (bytes.byteLength > limits.documentBytes) {
    throw new DocumentError(
      'document.too_large',
      `The file has ${bytes.byteLength} bytes, more than the ${limits.documentBytes} that are accepted.`,
      { bytes: bytes.byteLength, limit: limits.documentBytes },
    );
  }
  const kind = detectKind(bytes);
  if (kind === 'zip') return readArchive(bytes, context);
  throw unsupported(kind);
}

async function readArchive(bytes: Uint8Array, context: ReadContext): Promise<Book> {
  const archive = await openArchive(bytes, context.limits, context.warn);
  const found = detectArchiveKind(archive);
  if (found.kind === 'epub') return readEpub(archive, context);
  throw unsupported(found.kind === 'other' ? found.what : found.kind);
}

function unsupported(detected: string): DocumentError {
  return new DocumentError(
    'document.unsupported_format',
    `This is no EPUB (the file looks like: ${detected}). Convert it to EPUB, for instance with calibre.`,
    { detected },
  );
}
