import { defineErrors, type ErrorDeclaration } from '@scriptorium/contract';
import type { DocumentErrorCode } from '@scriptorium/documents';
import { errorFactory } from '../../platform/errors.ts';

const own = {
  'book.not_found': { status: 404, title: 'There is no such book' },
  'book.chapter_not_found': { status: 404, title: 'The book has no such chapter' },
  'book.deleted_meanwhile': { status: 409, title: 'The book was deleted meanwhile' },
  'book.image_not_found': { status: 404, title: 'The book has no such picture' },
  'book.no_file': { status: 400, title: 'No file was handed in' },
  'book.too_large': { status: 413, title: 'The file is too large' },
  'book.unreadable_in_time': { status: 422, title: 'Reading the file took too long' },
  'book.unreadable_in_memory': { status: 422, title: 'Reading the file took too much memory' },
  'book.service_page': { status: 409, title: 'A service page has nothing to prepare' },
  'book.nothing_to_undo': { status: 409, title: 'There is nothing to undo' },
} as const;

/** The reader's own errors; their sentences say what to do. Complete by its type. */
const parser: Readonly<Record<DocumentErrorCode, ErrorDeclaration>> = {
  'document.empty': { status: 422, title: 'The file is empty' },
  'document.unsupported_format': { status: 415, title: 'Files of this kind are not read here' },
  'document.too_large': { status: 413, title: 'The file is too large' },
  'document.damaged_archive': { status: 422, title: 'The archive is damaged' },
  'document.zip_bomb': { status: 422, title: 'The archive unpacks to too much' },
  'document.too_many_entries': { status: 422, title: 'The archive has too many files' },
  'document.entry_too_large': { status: 422, title: 'A file inside the archive is too large' },
  'document.unsafe_path': { status: 422, title: 'A name inside the archive points outside of it' },
  'document.protected': { status: 422, title: 'The book is protected' },
  'document.too_many_fb2': { status: 422, title: 'The archive holds several books' },
  'document.damaged_package': { status: 422, title: 'The package of the book is damaged' },
  'document.damaged_fb2': { status: 422, title: 'The FB2 file holds no book' },
  'document.too_deep': { status: 422, title: 'The document is nested too deeply' },
  'document.too_complex': { status: 422, title: 'The document is too complex' },
  'document.too_much_text': { status: 422, title: 'The document has too much text' },
  'document.too_many_toc_entries': { status: 422, title: 'The table of contents is too long' },
  'document.too_many_chapters': { status: 422, title: 'The book has too many chapters' },
  'document.chapter_too_large': { status: 422, title: 'A chapter is too large' },
};

export const bookErrors = defineErrors({ ...own, ...parser });

export const bookError = errorFactory(own);

/** Says the same of a book that is not there and of another user's. */
export function bookNotFound(bookId: number) {
  return bookError('book.not_found', { detail: `There is no book ${bookId} among your books.` });
}
