import { defineErrors, type ErrorDeclaration } from '@scriptorium/contract';
import type { DocumentErrorCode } from '@scriptorium/documents';
import { errorFactory } from '../errors.ts';

const limits = {
  'document.unreadable_in_time': { status: 422, title: 'Reading the file took too long' },
  'document.unreadable_in_memory': { status: 422, title: 'Reading the file took too much memory' },
} as const;

/** What the parsers refuse; their sentences say what to do. Complete by its type. */
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

/** Whatever feature hands a file to a parser. */
export const parsingErrors = defineErrors({ ...limits, ...parser });

export const parsingError = errorFactory(limits);
