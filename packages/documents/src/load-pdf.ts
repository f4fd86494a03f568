import type { PdfOptions } from './pdf/extract/open-pdf.ts';
import type { PdfDocument, Pages } from './pdf/pages.ts';
import type { ParsePdfOptions } from './pdf/parse-pdf.ts';

/**
 * PDFium and the modules around it are 8 MB and 60 ms of a process, which a reader of books never needs: they are loaded by the
 * first PDF.
 */

/** Opens a PDF to read page by page, see `openPdf` of `pdf/extract/open-pdf.ts`. */
export async function openPdf(bytes: Uint8Array, options?: PdfOptions): Promise<PdfDocument> {
  const module = await import('./pdf/extract/open-pdf.ts');
  return module.openPdf(bytes, options);
}

/** Reads a PDF whole, see `parsePdf` of `pdf/parse-pdf.ts`. */
export async function parsePdf(bytes: Uint8Array, options?: ParsePdfOptions): Promise<Pages> {
  const module = await import('./pdf/parse-pdf.ts');
  return module.parsePdf(bytes, options);
}
