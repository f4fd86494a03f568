import type { Pdfium } from './pdfium.ts';

/**
 * The part of a page that is seen: its media box cut by its crop box, in the coordinates of the file (y grows upwards), and by how many
 * quarter turns to the right it is shown.
 */
export interface VisibleBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
  quarterTurns: number;
}

/** US Letter: what PDFium itself takes for a page without a box. */
const FALLBACK = { left: 0, top: 792, right: 612, bottom: 0 };

export function readVisibleBox({ call, scratch, floats }: Pdfium, page: number): VisibleBox {
  const isKnown = call.FPDF_GetPageBoundingBox(page, scratch) !== 0;
  const [left = 0, top = 0, right = 0, bottom = 0] = isKnown ? floats() : [];
  const box = right > left && top > bottom ? { left, top, right, bottom } : FALLBACK;
  return { ...box, quarterTurns: call.FPDFPage_GetRotation(page) & 3 };
}

export function sizeOf({ left, top, right, bottom, quarterTurns }: VisibleBox) {
  const [across, along] = [right - left, top - bottom];
  return quarterTurns % 2 === 0
    ? { width: across, height: along }
    : { width: along, height: across };
}

/** A place in the coordinates of the file → points from the left and from the top of the page as shown. */
export function toVisible(box: VisibleBox, x: number, y: number): { x: number; y: number } {
  switch (box.quarterTurns) {
    case 1:
      return { x: y - box.bottom, y: x - box.left };
    case 2:
      return { x: box.right - x, y: y - box.bottom };
    case 3:
      return { x: box.top - y, y: box.right - x };
    default:
      return { x: x - box.left, y: box.top - y };
  }
}
