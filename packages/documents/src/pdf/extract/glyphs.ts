import { composeAccent, isAccent } from './accents.ts';
import type { Pdfium } from './pdfium.ts';
import type { VisibleBox } from './visible-box.ts';
import { toVisible } from './visible-box.ts';

/** What a page shows at one place. Lengths as in PdfLine. */
export type Glyph =
  /** Mostly one letter. */
  | { kind: 'letter'; text: string; x0: number; x1: number; style: Style }
  /** A hyphen that ends its line. */
  | { kind: 'hyphen'; x1: number }
  | { kind: 'space'; text: string }
  | { kind: 'end of line' };

/** What the letters of one text object (one `Tj` or `TJ` of the file) have in common. */
export interface Style {
  size: number;
  isBold: boolean;
  /** Baseline of the first letter. */
  y: number;
}

const SOFT_HYPHEN = 0xad;
/** PDFium's mark for a hyphen and the end of line behind it together. */
const LINE_HYPHEN = 0x2;
const MAX_CODE_POINT = 0x10ffff;
const BOLD_WEIGHT = 600;

/** The characters of a page in the order of the file, without those that are not seen. */
export function* readGlyphs(
  pdfium: Pdfium,
  textPage: number,
  count: number,
  box: VisibleBox,
): Generator<Glyph> {
  const { call } = pdfium;
  let object = 0;
  let style: Style = { size: 0, isBold: false, y: 0 };
  for (let at = 0; at < count; at += 1) {
    let code = call.FPDFText_GetUnicode(textPage, at);
    if (code === 10 || code === 13) {
      yield { kind: 'end of line' };
      continue;
    }
    if (code === LINE_HYPHEN && call.FPDFText_IsHyphen(textPage, at) === 1) {
      yield { kind: 'hyphen', x1: extentOf(pdfium, textPage, at, box)?.x1 ?? 0 };
      continue;
    }
    // Fonts in the encoding of Windows have their hyphen at this place; a soft hyphen that is not in use has no width.
    if (code === SOFT_HYPHEN && isDrawn(pdfium, textPage, at)) code = 0x2d;
    if (code < 32 || code > MAX_CODE_POINT || code === SOFT_HYPHEN) continue;
    let text = String.fromCodePoint(code);
    if (text.trim() === '') {
      yield { kind: 'space', text };
      continue;
    }
    const extent = extentOf(pdfium, textPage, at, box);
    if (extent === null) continue;
    if (isAccent(code)) {
      const letter = letterBelow(pdfium, textPage, at, count);
      if (letter !== null) ({ at, text } = letter);
    }
    const itsObject = call.FPDFText_GetTextObject(textPage, at);
    if (itsObject !== object) style = styleOf(pdfium, textPage, at, box);
    object = itsObject;
    yield { kind: 'letter', text, ...extent, style };
  }
}

/**
 * Where a character stands, from its origin to the next one's, which keeps margins exact where the outlines of letters begin a
 * little further in. Null where its middle is outside of what is seen: the marks of printers.
 */
function extentOf(
  { call, scratch, floats }: Pdfium,
  textPage: number,
  at: number,
  box: VisibleBox,
) {
  call.FPDFText_GetLooseCharBox(textPage, at, scratch);
  // By index: taking an array apart costs more than the call.
  const view = floats();
  const left = view[0] ?? 0;
  const top = view[1] ?? 0;
  const right = view[2] ?? 0;
  const bottom = view[3] ?? 0;
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  if (x < box.left || x > box.right || y < box.bottom || y > box.top) return null;
  const [a, b] = [toVisible(box, left, bottom).x, toVisible(box, right, top).x];
  return { x0: Math.min(a, b), x1: Math.max(a, b) };
}

/** The font size alone is 1 in files that leave the scale to the matrix. */
function styleOf(pdfium: Pdfium, textPage: number, at: number, box: VisibleBox): Style {
  const { call, scratch, floats, doubles } = pdfium;
  call.FPDFText_GetMatrix(textPage, at, scratch);
  const [, , c = 0, d = 0] = floats();
  call.FPDFText_GetCharOrigin(textPage, at, scratch, scratch + 8);
  const [x = 0, y = 0] = doubles();
  return {
    size: call.FPDFText_GetFontSize(textPage, at) * Math.hypot(c, d),
    isBold: call.FPDFText_GetFontWeight(textPage, at) >= BOLD_WEIGHT,
    y: toVisible(box, x, y).y,
  };
}

/** The outline of a character, in the coordinates of the file. */
function outlineOf({ call, scratch, doubles }: Pdfium, textPage: number, at: number) {
  call.FPDFText_GetCharBox(textPage, at, scratch, scratch + 8, scratch + 16, scratch + 24);
  const [left = 0, right = 0, bottom = 0, top = 0] = doubles();
  return { left, right, bottom, top };
}

function isDrawn(pdfium: Pdfium, textPage: number, at: number): boolean {
  const { left, right } = outlineOf(pdfium, textPage, at);
  return right > left;
}

/**
 * The letter that an accent is drawn over, accented. Told by the place and not by the order alone, or the grave accents that
 * serve as quotation marks would land on the letters behind them.
 */
function letterBelow(pdfium: Pdfium, textPage: number, accentAt: number, count: number) {
  const { call } = pdfium;
  let at = accentAt + 1;
  while (at < count && call.FPDFText_IsGenerated(textPage, at) === 1) at += 1;
  const code = at < count ? call.FPDFText_GetUnicode(textPage, at) : 0;
  if (code < 32 || code > MAX_CODE_POINT) return null;
  const accent = call.FPDFText_GetUnicode(textPage, accentAt);
  const text = composeAccent(accent, String.fromCodePoint(code));
  if (text === null) return null;
  const above = outlineOf(pdfium, textPage, accentAt);
  const below = outlineOf(pdfium, textPage, at);
  const middle = (above.left + above.right) / 2;
  const height = below.top - below.bottom;
  const isOver = middle > below.left && middle < below.right;
  const isNear = above.bottom < below.top + height && above.top > below.bottom - height;
  return isOver && isNear ? { at, text } : null;
}
