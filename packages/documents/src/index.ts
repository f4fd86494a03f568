export type {
  Book,
  BookFormat,
  BookImage,
  Chapter,
  Metadata,
  Note,
  TocEntry,
  TocSource,
} from './book.ts';
export type { PageClass, ReasonCode } from './classify/classify-page.ts';
export type { HtmlOptions, Mark } from './content/html.ts';
export { renderHtml } from './content/html.ts';
export { renderText } from './content/text.ts';
export type * from './content/tree.ts';
export { countWords } from './content/words.ts';
export type { DocumentErrorCode, DocumentErrorDetails } from './errors.ts';
export { DOCUMENT_ERRORS, DocumentError } from './errors.ts';
export type { Limits, PdfLimits } from './limits.ts';
export { DEFAULT_LIMITS, DEFAULT_PDF_LIMITS } from './limits.ts';
export { openPdf, parsePdf } from './load-pdf.ts';
export type { ParseOptions } from './parse-book.ts';
export { parseBook } from './parse-book.ts';
export type { PdfOptions } from './pdf/extract/open-pdf.ts';
export type {
  PageChapter,
  PageParagraph,
  Pages,
  PdfDocument,
  PdfLine,
  PdfMetadata,
  PdfOutlineItem,
  PdfPage,
} from './pdf/pages.ts';
export type { ParsePdfOptions } from './pdf/parse-pdf.ts';
export type { Warning, WarningCode } from './warnings.ts';
