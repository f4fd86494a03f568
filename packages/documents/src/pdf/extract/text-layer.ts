import { DocumentError } from '../../errors.ts';
import type { PdfLimits } from '../../limits.ts';
import type { Warning } from '../../warnings.ts';
import type { PdfPage } from '../pages.ts';
import { charactersOf } from './read-page.ts';

/**
 * Refuses a document most pages of which have no text: pictures of pages, from a scanner. Where a few are (plates), a warning
 * names them. Blank pages and pages with a few words on them are neither.
 */
export function checkTextLayer(pages: readonly PdfPage[], limits: PdfLimits): Warning[] {
  const lengths = pages.map(({ lines }) => charactersOf(lines));
  const textless = pages.filter((_, i) => (lengths[i] ?? 0) < limits.textlessCharacters);
  const pictures = pages.filter(({ isPicture }) => isPicture === true);
  const isBlank = lengths.every((length) => length === 0);
  const isMostly = textless.length >= pages.length * limits.textlessShare;
  if (isMostly && (isBlank || pictures.length > 0)) throw noTextLayer(pages.length, textless);
  if (pictures.length === 0) return [];
  const numbers = ranges(pictures);
  const message = `Only pictures, no text: pages ${numbers}. If they are scans, what stands on them is missing here.`;
  return [{ code: 'pdf.pages_without_text', message, params: { pages: numbers } }];
}

function noTextLayer(pageCount: number, textless: readonly PdfPage[]): DocumentError {
  const numbers = ranges(textless);
  return new DocumentError(
    'document.no_text_layer',
    `The PDF has no text layer: ${textless.length} of its ${pageCount} pages are pictures or blank (pages ${numbers}). ` +
      'Run text recognition (OCR) over it, for instance with OCRmyPDF, and send the result.',
    { pages: pageCount, textless: numbers },
  );
}

const MAX_RANGES = 20;

/** Page numbers, from 1: `1–3, 7`. */
function ranges(pages: readonly PdfPage[]): string {
  const found: { first: number; last: number }[] = [];
  for (const { index } of pages) {
    const number = index + 1;
    const open = found.at(-1);
    if (open !== undefined && number === open.last + 1) open.last = number;
    else found.push({ first: number, last: number });
  }
  const named = found
    .slice(0, MAX_RANGES)
    .map(({ first, last }) => (first === last ? String(first) : `${first}–${last}`));
  return [...named, ...(found.length > MAX_RANGES ? ['…'] : [])].join(', ');
}
