import { shortLine } from '../../content/clean.ts';
import { normalizeLanguage } from '../../metadata.ts';
import type { PdfMetadata } from '../pages.ts';
import type { Pdfium } from './pdfium.ts';

/** What programs write into the title when nobody else does: the name of the file, or that there is none. */
const NO_TITLE =
  /^(untitled|sans titre|без имени|microsoft (word|powerpoint) - .*|.*\.(docx?|odt|rtf|tex|dvi|indd|qxd|qxp|pdf|ps))( \d+)?$/i;

export function readMetadata(pdfium: Pdfium, document: number): PdfMetadata {
  const { call, text, store } = pdfium;
  const entry = (tag: string): string | null => {
    const name = store(Buffer.from(`${tag}\0`, 'latin1'));
    const value = text((buffer, bytes) => call.FPDF_GetMetaText(document, name, buffer, bytes));
    call.free(name);
    return shortLine(value) || null;
  };
  const title = entry('Title');
  return {
    title: title !== null && NO_TITLE.test(title) ? null : title,
    author: entry('Author'),
    language: normalizeLanguage(
      text((buffer, bytes) => call.FPDFCatalog_GetLanguage(document, buffer, bytes)),
    ),
  };
}
