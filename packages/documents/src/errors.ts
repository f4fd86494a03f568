/**
 * Every reason why a file is refused, with the sentence a person needs. All of them are the
 * sender's to mend (a 4xx over HTTP): a defect of ours never becomes a DocumentError.
 */
export const DOCUMENT_ERRORS = {
  'document.empty': 'The file holds no bytes, or no text and no picture.',
  'document.unsupported_format': 'The file is of a kind that is not read here.',
  'document.too_large': 'The file is larger than the limit for uploads.',
  'document.damaged_archive':
    'The container (zip archive, database of a MOBI) is truncated, altered or none at all.',
  'document.zip_bomb': 'The archive unpacks to more than any honest book does.',
  'document.too_many_entries': 'The archive has more entries than any honest book has.',
  'document.entry_too_large': 'One file inside the archive is too large.',
  'document.unsafe_path': 'A name inside the archive points outside of it.',
  'document.protected': 'The book is encrypted (DRM).',
  'document.too_many_fb2': 'The archive holds several FB2 books.',
  'document.damaged_package': 'The package document of the EPUB is missing or unreadable.',
  'document.damaged_fb2': 'The FB2 file has no book in it.',
  'document.too_deep': 'Elements are nested deeper than any honest book nests them.',
  'document.entities': 'The file declares entities that are made to fill the memory of its reader.',
  'document.too_complex': 'The book has more elements or lines than any honest book.',
  'document.too_much_text': 'The book has more text than the limit.',
  'document.too_many_toc_entries': 'The table of contents is longer than the limit.',
  'document.too_many_chapters': 'The book has more chapters than the limit.',
  'document.chapter_too_large': 'One chapter has more text than the limit.',
  'document.not_a_pdf': 'The file does not begin as a PDF does.',
  'document.damaged_pdf': 'The PDF is truncated or altered so far that no page can be read.',
  'document.password_required': 'The PDF opens with a password only, and none was given.',
  'document.wrong_password': 'The password given does not open the PDF.',
  'document.no_text_layer': 'The pages of the PDF are pictures (scans): there is no text in it.',
  'document.no_pages': 'The PDF has no pages.',
  'document.too_many_pages': 'The PDF has more pages than the limit.',
  'document.page_too_large': 'One page of the PDF has more text than any honest page has.',
  'document.page_too_slow': 'One page of the PDF took longer to read than the limit.',
  'document.too_much_memory': 'Reading the PDF takes more memory than the limit.',
} as const;

export type DocumentErrorCode = keyof typeof DOCUMENT_ERRORS;

export type DocumentErrorDetails = Readonly<Record<string, string | number | readonly string[]>>;

/**
 * A file that cannot be read, and what to do about it. `message` names the offending value and the
 * remedy and may be shown to the person who sent the file; `details` holds the same values for
 * programs.
 */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly code: DocumentErrorCode;
  readonly details: DocumentErrorDetails;

  constructor(
    code: DocumentErrorCode,
    message: string,
    details: DocumentErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}
