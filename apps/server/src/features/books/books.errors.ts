import { defineErrors } from '@scriptorium/contract';
import { errorFactory } from '../../platform/errors.ts';

export const bookErrors = defineErrors({
  'book.not_found': { status: 404, title: 'There is no such book' },
  'book.chapter_not_found': { status: 404, title: 'The book has no such chapter' },
  'book.deleted_meanwhile': { status: 409, title: 'The book was deleted meanwhile' },
  'book.image_not_found': { status: 404, title: 'The book has no such picture' },
  'book.no_file': { status: 400, title: 'No file was handed in' },
  'book.service_page': { status: 409, title: 'A service page has nothing to prepare' },
  'book.too_many_positions': { status: 409, title: 'No more positions are kept of this book' },
  'book.nothing_to_undo': { status: 409, title: 'There is nothing to undo' },
});

export const bookError = errorFactory(bookErrors);

/** Says the same of a book that is not there and of another user's. */
export function bookNotFound(bookId: number) {
  return bookError('book.not_found', { detail: `There is no book ${bookId} among your books.` });
}

/** For programs that write without end, or as a new device each time; readers come nowhere near. */
export function tooManyPositions(bookId: number, most: number) {
  return bookError('book.too_many_positions', {
    detail: `Of the book ${bookId}, ${most} positions are kept already, and nothing was added. Use one device id for one device, and send where somebody reads rather than every movement; what is older than a day is thinned.`,
    params: { limit: most },
  });
}

export function noFile() {
  return bookError('book.no_file', {
    detail: 'The form has no file. Send the book in the field "file" of multipart/form-data.',
  });
}
