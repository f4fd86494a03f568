import type { PdfLine, PdfPage } from '../pages.ts';

export interface Metrics {
  /** Font size of most of the characters. */
  bodySize: number;
  /** Usual distance of two lines of that size. */
  lineHeight: number;
}

/** Font size and line distance of the running text: the most frequent ones, sizes weighted by characters. */
export function measure(pages: readonly PdfPage[]): Metrics {
  const sizes = new Map<number, number>();
  for (const { lines } of pages) {
    for (const { size, text } of lines) add(sizes, round(size, 0.1), text.length);
  }
  const bodySize = mostFrequent(sizes) ?? 10;
  const gaps = new Map<number, number>();
  for (const { lines } of pages) {
    for (const [i, line] of lines.entries()) {
      const next = lines[i + 1];
      const gap =
        next && isOfSize(line, bodySize) && isOfSize(next, bodySize) ? next.y - line.y : 0;
      if (gap > 0.6 * bodySize && gap < 4 * bodySize) add(gaps, round(gap, 0.25), 1);
    }
  }
  return { bodySize, lineHeight: mostFrequent(gaps) ?? 1.25 * bodySize };
}

/** Sizes within 6 % are one size: hinting and scaling make 10.5 of 10.48. */
export function isOfSize(line: PdfLine, size: number): boolean {
  return Math.abs(line.size - size) <= 0.06 * size;
}

function add(counts: Map<number, number>, key: number, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function mostFrequent(counts: ReadonlyMap<number, number>): number | undefined {
  let best: [number, number] | undefined;
  for (const entry of counts) if (!best || entry[1] > best[1]) best = entry;
  return best?.[0];
}

/** Without the rounding error that would make two keys of one size. */
function round(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toFixed(2));
}
