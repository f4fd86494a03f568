import { cleanLine } from '../../content/clean.ts';
import type { PdfLine, PdfPage } from '../pages.ts';
import { HYPHEN_MARK } from './flow-line.ts';

/**
 * Makes the lines of a page fit for the rules: one space between words, NFC, ligatures as letters, the hyphen mark
 * at the end of a line only, finite lengths. Lines without text go.
 */
export function cleanPage(page: PdfPage): PdfPage {
  return { ...page, lines: page.lines.map(cleanPdfLine).filter((line) => line.text !== '') };
}

function cleanPdfLine(line: PdfLine): PdfLine {
  const trimmed = line.text.trimEnd();
  // A soft hyphen that a file writes itself means what the mark means; a written hyphen may mean either.
  const hasHyphen = /[\u{fffe}\u{ad}]$/u.test(trimmed) || /\p{L}[-‐]$/u.test(trimmed);
  const body = hasHyphen ? trimmed.slice(0, -1) : trimmed;
  const text = cleanLine(body.replaceAll(HYPHEN_MARK, '-'))
    // NFC leaves the ligatures; NFKC of the whole line would turn ² and ½ into other text.
    .replace(/[\ufb00-\ufb06]/g, (ligature) => ligature.normalize('NFKC'))
    .normalize('NFC');
  const x0 = finite(line.x0);
  return {
    ...line,
    text: hasHyphen ? text + HYPHEN_MARK : text,
    x0,
    x1: Math.max(x0, finite(line.x1)),
    y: finite(line.y),
    size: Math.max(1, finite(line.size)),
  };
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

/** Lines on one height are one row, however far apart: head and page number, the cells of a table. */
export function isSameRow(a: PdfLine, b: PdfLine): boolean {
  return Math.abs(a.y - b.y) <= 0.3 * Math.min(a.size, b.size);
}

/** Puts the pieces of a row that follow each other from left to right together into one line. */
export function mergeRows(lines: readonly PdfLine[]): PdfLine[] {
  const merged: PdfLine[] = [];
  for (const line of lines) {
    const before = merged.at(-1);
    if (before && isSameRow(before, line) && line.x0 >= before.x1 - 0.2 * line.size) {
      merged[merged.length - 1] = joinPieces(before, line);
    } else merged.push(line);
  }
  return merged;
}

function joinPieces(a: PdfLine, b: PdfLine): PdfLine {
  const isFirstLonger = a.text.length >= b.text.length;
  return {
    ...(isFirstLonger ? a : b),
    text: `${a.text.replace(HYPHEN_MARK, '-')} ${b.text}`,
    x0: a.x0,
    x1: Math.max(a.x1, b.x1),
  };
}
