import { cleanText } from '../../content/clean.ts';
import { DocumentError } from '../../errors.ts';
import type { PdfLimits } from '../../limits.ts';
import type { PdfLine } from '../pages.ts';
import type { Glyph, Style } from './glyphs.ts';
import { readGlyphs } from './glyphs.ts';
import type { Pdfium } from './pdfium.ts';
import type { VisibleBox } from './visible-box.ts';
import { readVisibleBox } from './visible-box.ts';

const HYPHEN = '\uFFFE';

export interface PageContent {
  box: VisibleBox;
  lines: PdfLine[];
  isPicture: boolean;
}

/** Reads the lines of a page (from 0) and closes it. Null for a page that PDFium cannot load. */
export function readPage(
  pdfium: Pdfium,
  document: number,
  index: number,
  limits: PdfLimits,
): PageContent | null {
  const { call } = pdfium;
  const page = call.FPDF_LoadPage(document, index);
  if (page === 0) return null;
  try {
    const box = readVisibleBox(pdfium, page);
    const textPage = call.FPDFText_LoadPage(page);
    if (textPage === 0) return null;
    try {
      const count = call.FPDFText_CountChars(textPage);
      if (count > limits.pageCharacters) throw tooLarge(index + 1, count, limits);
      const lines = gatherLines(readGlyphs(pdfium, textPage, count, box));
      const isTextless = charactersOf(lines) < limits.textlessCharacters;
      return { box, lines, isPicture: isTextless && hasDrawing(pdfium, page) };
    } finally {
      call.FPDFText_ClosePage(textPage);
    }
  } finally {
    call.FPDF_ClosePage(page);
  }
}

export function charactersOf(lines: readonly PdfLine[]): number {
  return lines.reduce((sum, { text }) => sum + text.length, 0);
}

const TEXT_OBJECT = 1;

function hasDrawing({ call }: Pdfium, page: number): boolean {
  const count = call.FPDFPage_CountObjects(page);
  for (let at = 0; at < count; at += 1) {
    const object = call.FPDFPage_GetObject(page, at);
    if (call.FPDFPageObj_GetType(object) !== TEXT_OBJECT) return true;
  }
  return false;
}

function tooLarge(page: number, characters: number, { pageCharacters }: PdfLimits): DocumentError {
  return new DocumentError(
    'document.page_too_large',
    `Page ${page} of the PDF has ${characters} characters, more than the ${pageCharacters} that are accepted. ` +
      'Remove that page, or print the document to a new PDF, and send the result.',
    { page, characters, limit: pageCharacters },
  );
}

function gatherLines(glyphs: Iterable<Glyph>): PdfLine[] {
  const lines: PdfLine[] = [];
  let draft = new LineDraft();
  const end = (): void => {
    const line = draft.finish();
    if (line !== null) lines.push(line);
    draft = new LineDraft();
  };
  for (const glyph of glyphs) {
    if (glyph.kind !== 'end of line') draft.add(glyph);
    if (glyph.kind === 'hyphen' || glyph.kind === 'end of line') end();
  }
  end();
  return lines;
}

/** A line from its first to its last character. */
class LineDraft {
  #text = '';
  #x0 = Number.POSITIVE_INFINITY;
  #x1 = Number.NEGATIVE_INFINITY;
  readonly #letters = new Map<Style, number>();

  add(glyph: Exclude<Glyph, { kind: 'end of line' }>): void {
    if (glyph.kind === 'hyphen') {
      this.#text += HYPHEN;
      this.#x1 = Math.max(this.#x1, glyph.x1);
      return;
    }
    this.#text += glyph.text;
    if (glyph.kind === 'space') return;
    this.#x0 = Math.min(this.#x0, glyph.x0);
    this.#x1 = Math.max(this.#x1, glyph.x1);
    this.#letters.set(glyph.style, (this.#letters.get(glyph.style) ?? 0) + 1);
  }

  finish(): PdfLine | null {
    const text = lineText(this.#text);
    const style = mainStyle(this.#letters);
    if (text === '' || style === null) return null;
    return {
      text,
      x0: rounded(this.#x0),
      x1: rounded(this.#x1),
      y: rounded(style.y),
      size: rounded(style.size),
      ...(style.isBold && { isBold: true }),
    };
  }
}

/** The size of most letters is the line's: initials and superscripts are few. Bold are lines of which most letters are. */
function mainStyle(letters: ReadonlyMap<Style, number>): Style | null {
  const bySize = new Map<number, Style & { letters: number; bold: number }>();
  for (const [style, count] of letters) {
    const same = bySize.get(style.size) ?? { ...style, letters: 0, bold: 0 };
    bySize.set(style.size, same);
    same.letters += count;
    if (style.isBold) same.bold += count;
  }
  let main = null;
  for (const style of bySize.values()) if (style.letters > (main?.letters ?? 0)) main = style;
  return main && { ...main, isBold: main.bold > main.letters / 2 };
}

function rounded(points: number): number {
  return Math.round(points * 100) / 100;
}

/**
 * NFC, not NFKC, which makes 2 of ² and takes ½ apart; so ligatures, which PDFium mostly resolves, are looked for by themselves. PDFium leaves
 * the hyphen of the last line of a page, and U+2010 anywhere, as a character, and adds spaces of its own to unbreakable ones.
 */
function lineText(raw: string): string {
  const hasHyphen = /\p{L}(\uFFFE|[-\u2010])\s*$/u.test(raw);
  const text = cleanText(raw)
    .replace(/[\uFB00-\uFB06]/g, (ligature) => ligature.normalize('NFKC'))
    .normalize('NFC')
    .replace(/[ \t\u00a0\u202f]{2,}/g, (run) => /[\u00a0\u202f]/.exec(run)?.[0] ?? ' ')
    .trim();
  return hasHyphen ? `${text.replace(/[-\u2010]$/, '')}${HYPHEN}` : text;
}
