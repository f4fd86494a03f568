import { randomUUID } from 'node:crypto';
import type { Kernel, Queryable } from '@scriptorium/kernel';
import type { ParserProcesses } from '../../../platform/parsing/parser-processes.ts';
import { findBookByContent } from '../books.repo.ts';
import type { ChapterWrites } from '../chapter-writes.ts';
import { keepOriginal, removeOriginal, type FileStore, type Upload } from './receive-upload.ts';
import { storeBook, type BookToStore, type StoredBook } from './store-book.ts';

export interface UploadResources {
  readonly db: Queryable;
  readonly kernel: Kernel;
  readonly files: FileStore;
  readonly parser: ParserProcesses;
  readonly writes: ChapterWrites;
}

/**
 * Makes a book of a file that has arrived; nothing is stored of one that cannot be read. A file that its owner has handed in
 * before is recognised by its content and not even parsed.
 *
 * @throws DocumentError for a file that cannot be read
 */
export async function acceptUpload(
  { db, kernel, files, parser, writes }: UploadResources,
  upload: Upload,
  owner: BookToStore['owner'],
): Promise<StoredBook> {
  const known = await findBookByContent(db, owner.id, upload.sha256);
  if (known !== undefined) return { bookId: known, isNew: false };
  const { path, fileName } = upload;
  const book = await parser.parse('book', { path, fileName, maxBytes: files.uploadMaxBytes });
  const fileKey = await keepOriginal(files, upload);
  const submission = randomUUID();
  const stored = await kernel.transaction((tx) =>
    storeBook(tx, kernel, { owner, upload, fileKey, book, submission }),
  );
  const chapters = book.chapters.map(({ number }) => number);
  const { bookId, isNew } = stored;
  if (isNew) {
    writes.written('upload', { bookId, chapters, what: 'text and verdict of a new book' });
  } else {
    await removeOriginal(files, fileKey);
    writes.refused('upload', { bookId, chapters, what: 'an upload of the same book was faster' });
  }
  return stored;
}
