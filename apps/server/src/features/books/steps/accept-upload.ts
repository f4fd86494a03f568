import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Kernel, Queryable } from '@scriptorium/kernel';
import type { ParsedBook } from '../../../platform/parsing/book-parser.ts';
import type { ParserProcesses } from '../../../platform/parsing/parser-processes.ts';
import { findBookByContent } from '../books.repo.ts';
import type { ChapterWrites } from '../chapter-writes.ts';
import type { UploadedFile } from '../../../platform/uploads.ts';
import { storeBook, type BookToStore, type StoredBook } from './store-book.ts';

export interface UploadResources {
  readonly db: Queryable;
  readonly kernel: Kernel;
  readonly uploadMaxBytes: number;
  readonly parser: ParserProcesses;
  readonly writes: ChapterWrites;
}

const MEDIA_TYPES: Readonly<Record<ParsedBook['format'], string>> = {
  epub: 'application/epub+zip',
  fb2: 'application/x-fictionbook+xml',
  mobi: 'application/x-mobipocket-ebook',
  txt: 'text/plain',
};

/**
 * Makes a book of a file that has arrived; nothing is stored of one that cannot be read. A file that its owner has handed in
 * before is recognised by its content and not even parsed.
 *
 * @throws DocumentError for a file that cannot be read
 * @throws DiskFullError and `admission.quota_exceeded` with nothing stored
 */
export async function acceptUpload(
  { db, kernel, uploadMaxBytes, parser, writes }: UploadResources,
  upload: UploadedFile,
  owner: BookToStore['owner'],
): Promise<StoredBook> {
  const known = await findBookByContent(db, owner.id, upload.sha256);
  if (known !== undefined) return { bookId: known, isNew: false };
  const { path, fileName } = upload;
  const book = await parser.parse('book', { path, fileName, maxBytes: uploadMaxBytes });
  const mediaType = MEDIA_TYPES[book.format];
  // It counts with the rows of the book; if they do not come, the kernel's sweeper removes it.
  const original = await kernel.receive(
    { ownerId: owner.id, name: fileName, mediaType, size: upload.bytes },
    createReadStream(path),
  );
  const submission = randomUUID();
  const stored = await kernel.transaction((tx) =>
    storeBook(tx, kernel, { owner, upload, original, book, submission }),
  );
  const chapters = book.chapters.map(({ number }) => number);
  const { bookId, isNew } = stored;
  if (isNew) {
    writes.written('upload', { bookId, chapters, what: 'text and verdict of a new book' });
  } else {
    writes.refused('upload', { bookId, chapters, what: 'an upload of the same book was faster' });
  }
  return stored;
}
