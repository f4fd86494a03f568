import { shortLine } from '../../content/clean.ts';
import { DocumentError } from '../../errors.ts';
import type { PdfLimits } from '../../limits.ts';
import type { PdfOutlineItem } from '../pages.ts';
import type { Pdfium } from './pdfium.ts';
import type { VisibleBox } from './visible-box.ts';
import { sizeOf, toVisible } from './visible-box.ts';

/** Ways of showing a destination (PDF 32000-1, table 151) and where their upper edge is in the parameters. */
const TOP_OF_VIEW: ReadonlyMap<number, number> = new Map([
  [3, 0], // FitH
  [5, 3], // FitR
  [7, 0], // FitBH
]);

interface Bookmark {
  title: string;
  level: number;
  /** 0: a label without a destination of its own. Null: leads elsewhere, to the web for instance. */
  destination: number | null;
}

/**
 * The outline in reading order. Links to other files and to the web are left out, their children stay. An entry that is only a label ("Part
 * One") leads where its first child leads.
 */
export function readOutline(
  pdfium: Pdfium,
  document: number,
  boxOf: (page: number) => VisibleBox | null,
  limits: PdfLimits,
): PdfOutlineItem[] {
  const items: PdfOutlineItem[] = [];
  for (const { title, level, destination } of readBookmarks(
    pdfium,
    document,
    limits,
  ).toReversed()) {
    if (destination === null || title === '') continue;
    const child = items.at(-1);
    const isLabel = destination === 0;
    if (isLabel && child !== undefined && child.level > level) {
      items.push({ ...child, title, level });
    }
    if (isLabel) continue;
    const page = pdfium.call.FPDFDest_GetDestPageIndex(document, destination);
    const box = page < 0 ? null : boxOf(page);
    if (box !== null) items.push({ title, level, page, y: placeInPage(pdfium, destination, box) });
  }
  return items.reverse();
}

/** Hostile outlines go in circles: every entry is visited once. */
function readBookmarks(pdfium: Pdfium, document: number, limits: PdfLimits): Bookmark[] {
  const { call, text } = pdfium;
  const found: Bookmark[] = [];
  const visited = new Set<number>([0]);
  const open = [{ bookmark: call.FPDFBookmark_GetFirstChild(document, 0), level: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { bookmark, level } = next;
    if (visited.has(bookmark)) continue;
    visited.add(bookmark);
    if (found.length === limits.outlineEntries) throw tooManyEntries(limits);
    const title = text((buffer, bytes) => call.FPDFBookmark_GetTitle(bookmark, buffer, bytes));
    const destination = destinationOf(pdfium, document, bookmark);
    found.push({ title: shortLine(title), level, destination });
    open.push({ bookmark: call.FPDFBookmark_GetNextSibling(document, bookmark), level });
    open.push({ bookmark: call.FPDFBookmark_GetFirstChild(document, bookmark), level: level + 1 });
  }
  return found;
}

function tooManyEntries({ outlineEntries }: PdfLimits): DocumentError {
  return new DocumentError(
    'document.too_many_toc_entries',
    `The outline of the PDF has more than ${outlineEntries} entries. ` +
      'Print the document to a new PDF without an outline and send the result.',
    { limit: outlineEntries },
  );
}

function destinationOf({ call }: Pdfium, document: number, bookmark: number): number | null {
  const own = call.FPDFBookmark_GetDest(document, bookmark);
  if (own !== 0) return own;
  const action = call.FPDFBookmark_GetAction(bookmark);
  if (action === 0) return 0;
  const target = call.FPDFAction_GetDest(document, action);
  return target === 0 ? null : target;
}

/** Points from the top of the visible box, or null where the destination means the page as a whole. */
function placeInPage(pdfium: Pdfium, destination: number, box: VisibleBox): number | null {
  const { call, scratch } = pdfium;
  const spot = [0, 4, 8, 12, 16, 20].map((offset) => scratch + offset);
  const [a = 0, b = 0, c = 0, x = 0, y = 0, zoom = 0] = spot;
  if (call.FPDFDest_GetLocationInPage(destination, a, b, c, x, y, zoom) !== 0) {
    const [hasX = 0, hasY = 0] = pdfium.ints();
    const [, , , atX = 0, atY = 0] = pdfium.floats();
    return hasY === 0 ? null : within(box, hasX === 0 ? box.left : atX, atY);
  }
  const view = call.FPDFDest_GetView(destination, scratch, scratch + 4);
  const [count = 0] = pdfium.ints();
  const [, ...parameters] = pdfium.floats();
  const top = TOP_OF_VIEW.get(view);
  if (top === undefined || top >= count) return null;
  return within(box, box.left, parameters[top] ?? 0);
}

function within(box: VisibleBox, x: number, y: number): number {
  const { height } = sizeOf(box);
  return Math.round(Math.min(Math.max(toVisible(box, x, y).y, 0), height) * 100) / 100;
}
