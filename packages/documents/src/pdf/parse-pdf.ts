import { DocumentError } from '../errors.ts';
import type { PdfLimits } from '../limits.ts';
import { DEFAULT_PDF_LIMITS } from '../limits.ts';
import type { PdfOptions } from './extract/open-pdf.ts';
import { openPdf } from './extract/open-pdf.ts';
import { charactersOf } from './extract/read-page.ts';
import { checkTextLayer } from './extract/text-layer.ts';
import { layoutPages } from './layout/layout-pages.ts';
import type { Pages, PdfDocument, PdfPage } from './pages.ts';

export interface ParsePdfOptions extends PdfOptions {
  /** Called after every page. What it throws ends the reading. */
  onPage?: (done: number, total: number) => void;
}

/**
 * Reads a PDF into paragraphs and chapters. Only the lines of the pages are kept while reading; a novel of 601 pages takes 130 MB
 * in a process of its own. Blocks while it works, see `openPdf`.
 *
 * Throws DocumentError for a file that cannot be read.
 */
export async function parsePdf(bytes: Uint8Array, options: ParsePdfOptions = {}): Promise<Pages> {
  const limits = { ...DEFAULT_PDF_LIMITS, ...options.limits };
  const document = await openPdf(bytes, options);
  try {
    const pages = readPages(document, limits, options.onPage);
    const warnings = checkTextLayer(pages, limits);
    const { pageCount, metadata, outline } = document;
    const layout = layoutPages({ pageCount, metadata, outline, pages });
    return { ...layout, warnings: [...warnings, ...layout.warnings] };
  } finally {
    document.close();
  }
}

function readPages(
  document: PdfDocument,
  { characters: limit }: PdfLimits,
  onPage: ParsePdfOptions['onPage'],
): PdfPage[] {
  const total = document.pageCount;
  const pages: PdfPage[] = [];
  let characters = 0;
  for (let index = 0; index < total; index += 1) {
    const page = document.page(index);
    pages.push(page);
    characters += charactersOf(page.lines);
    if (characters > limit) {
      throw new DocumentError(
        'document.too_much_text',
        `The first ${index + 1} of ${total} pages have more than the ${limit} characters that are accepted. ` +
          'Send the document in volumes.',
        { pages: index + 1, limit },
      );
    }
    onPage?.(index + 1, total);
  }
  return pages;
}
