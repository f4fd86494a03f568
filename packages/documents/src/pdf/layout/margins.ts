import type { PdfLine, PdfPage } from '../pages.ts';
import { HYPHEN_MARK } from './flow-line.ts';
import type { FlowLine } from './flow-line.ts';
import { isOfSize } from './measure.ts';
import type { Metrics } from './measure.ts';

interface Margins {
  left: number;
  right: number;
}

/**
 * Gives every line its page's margins and its distances. Margins are those of all left or all right pages, since a page
 * of dialogue or verse has none of its own; only a page shifted as a whole (a scan) has its own.
 */
export function toFlow(pages: readonly PdfPage[], { bodySize, lineHeight }: Metrics): FlowLine[][] {
  const ofSize = pages.map(({ lines }) => lines.filter((line) => isOfSize(line, bodySize)));
  const all = marginsOf(ofSize.flat(), bodySize);
  const sides = [0, 1].map((side) => {
    const lines = ofSize.filter((_, i) => (pages[i]?.index ?? 0) % 2 === side).flat();
    return lines.length >= 20 ? marginsOf(lines, bodySize) : all;
  });
  return pages.map((page, i) => {
    const usual = sides[page.index % 2] ?? all;
    const { left, right } = pageMargins(ofSize[i] ?? [], usual, bodySize);
    return page.lines.map((line, at): FlowLine => {
      const hasHyphen = line.text.endsWith(HYPHEN_MARK);
      const text = hasHyphen ? line.text.slice(0, -1) : line.text;
      const above = distance(page.lines[at - 1], line, lineHeight);
      const below = distance(line, page.lines[at + 1], lineHeight);
      return { ...line, text, hasHyphen, page: page.index, left, right, above, below };
    });
  });
}

/** A line that stands higher than the one before it begins a column. */
function distance(
  a: PdfLine | undefined,
  b: PdfLine | undefined,
  lineHeight: number,
): number | null {
  return a && b && b.y >= a.y ? (b.y - a.y) / lineHeight : null;
}

function pageMargins(lines: readonly PdfLine[], usual: Margins, bodySize: number): Margins {
  if (lines.length < 8) return usual;
  const own = marginsOf(lines, bodySize);
  const shift = own.left - usual.left;
  const isShifted = Math.abs(shift) > 0.3 * bodySize;
  return isShifted && Math.abs(own.right - usual.right - shift) <= 2 ? own : usual;
}

/**
 * The outermost places where many lines begin and end: at least a quarter as many as at the most frequent place,
 * which in a book of dialogue is the indent. Ragged text ends nowhere in particular: there all but the longest 2 %.
 */
function marginsOf(lines: readonly PdfLine[], bodySize: number): Margins {
  if (lines.length === 0) return { left: 0, right: 0 };
  const begins = clusters(lines.map(({ x0 }) => x0));
  const ends = clusters(lines.map(({ x1 }) => x1));
  const most = greatest(begins.values());
  const left = -greatest([...begins].flatMap(([at, n]) => (n >= most / 4 ? [-at] : [])));
  const mostEnds = greatest(ends.values());
  const sorted = lines.map(({ x1 }) => x1).sort((a, b) => a - b);
  const longest = sorted[Math.floor(0.98 * (sorted.length - 1))] ?? left + bodySize;
  const right =
    mostEnds < 0.25 * lines.length
      ? longest
      : greatest([...ends].flatMap(([at, n]) => (n >= mostEnds / 2 ? [at] : [])));
  return { left, right };
}

/** How many values lie within a point and a half of each whole point that has any. */
function clusters(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values)
    counts.set(Math.round(value), (counts.get(Math.round(value)) ?? 0) + 1);
  const near = [...counts.keys()].map((at): [number, number] => {
    const n = (counts.get(at - 1) ?? 0) + (counts.get(at) ?? 0) + (counts.get(at + 1) ?? 0);
    return [at, n];
  });
  return new Map(near);
}

/**
 * Quotations set in on both sides: three and more lines that begin at one place away from the margin and mostly end at
 * one place get that place as their right margin. Otherwise each of them would look ended on purpose.
 */
export function narrowBlocks(lines: readonly FlowLine[]): FlowLine[] {
  const blocks: FlowLine[][] = [];
  for (const line of lines) {
    const open = blocks.at(-1);
    const first = open?.[0];
    const isSame =
      first && isOfSize(line, first.size) && Math.abs(line.x0 - first.x0) <= 0.3 * line.size;
    if (isSame) open?.push(line);
    else blocks.push([line]);
  }
  return blocks.flatMap((block) => {
    const [first] = block;
    if (!first || block.length < 3 || first.x0 - first.left <= 0.5 * first.size) return block;
    const right = greatest(block.map(({ x1 }) => x1));
    const full = block.filter(({ x1 }) => right - x1 <= first.size);
    return full.length >= 0.6 * block.length ? block.map((line) => ({ ...line, right })) : block;
  });
}

/** The usual indent of a paragraph's first line: the most frequent one up to six font sizes; 0 if there is none. */
export function usualIndent(lines: readonly FlowLine[]): number {
  const offsets = lines
    .map(({ x0, left, size }) => ({ offset: x0 - left, size }))
    .filter(({ offset, size }) => offset > 0.5 * size && offset < 6 * size)
    .map(({ offset }) => offset);
  const counts = clusters(offsets);
  const most = greatest(counts.values());
  return [...counts].find(([, n]) => n === most && n >= 3)?.[0] ?? 0;
}

/** Not `Math.max(...values)`: a hostile page with a million places would overflow the stack. */
function greatest(values: Iterable<number>): number {
  let most = -Infinity;
  for (const value of values) if (value > most) most = value;
  return most;
}
