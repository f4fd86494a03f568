import { randomUUID } from 'node:crypto';
import type { Kernel, Queryable } from '@scriptorium/kernel';
import { findBookByContent } from '../books.repo.ts';
import type { ParserThreads } from './parser-threads.ts';
import { keepOriginal, type FileStore, type Upload } from './receive-upload.ts';
import { storeBook, type BookToStore, type StoredBook } from './store-book.ts';

export interface UploadResources {
  readonly db: Queryable;
  readonly kernel: Kernel;
  readonly files: FileStore;
  readonly parser: ParserThreads;
}

/**
 * Makes a book of a file that has arrived; nothing is stored of one that cannot be read. A file that its owner has handed in
 * before is recognised by its content and not even parsed.
 *
 * @throws DocumentError for a file that cannot be read
 */
export async function acceptUpload(
  { db, kernel, files, parser }: UploadResources,
  upload: Upload,
  owner: BookToStore['owner'],
): Promise<StoredBook> {
  const known = await findBookByContent(db, owner.id, upload.sha256);
  if (known !== undefined) return { bookId: known, isNew: false };
  const { path, fileName } = upload;
  const book = await parser.parse({ path, fileName, maxBytes: files.uploadMaxBytes });
  await keepOriginal(files, upload);
  const submission = randomUUID();
  return await kernel.transaction((tx) =>
    storeBook(tx, kernel, { owner, upload, book, submission }),
  );
}
