import type { UnplacedPage } from '../classify/classify-book.ts';
import { leafLength } from '../content/text.ts';
import type { Segment } from './assemble.ts';
import type { ContentFile } from './xhtml-converter.ts';

/** Share of a page that an element must enclose for its type to be the page's. */
const MOST = 0.6;

/** What the classifier wants to know about stretches of files that make up one chapter. */
export function pageFacts(
  files: readonly ContentFile[],
  segments: readonly Segment[],
  known: Pick<UnplacedPage, 'title' | 'text' | 'words' | 'places'>,
): UnplacedPage {
  let links = 0;
  let linked = 0;
  const covered = new Map<string, number>();
  let total = 0;
  for (const segment of segments) {
    const file = files[segment.file];
    if (!file) continue;
    const { from, to } = leafRange(file, segment);
    const sums = runningWeights(file, from, to);
    total += sums.at(-1) ?? 0;
    for (let i = lowerBound(file.linked, from, leafOf); i < file.linked.length; i += 1) {
      const link = file.linked[i];
      if (!link || link.leaf >= to) break;
      links += 1;
      linked += link.characters;
    }
    for (const range of file.typed) {
      const start = Math.max(from, range.from) - from;
      const end = Math.min(to, range.to) - from;
      if (end < start || (end === start && to > from)) continue;
      const weight = (sums[end] ?? 0) - (sums[start] ?? 0);
      for (const type of new Set(range.types)) covered.set(type, (covered.get(type) ?? 0) + weight);
    }
  }
  const types = [...covered].filter(([, weight]) => weight >= total * MOST).map(([type]) => type);
  const first = segments[0] && files[segments[0].file];
  return {
    ...known,
    fileName: first?.path ?? null,
    links,
    linkShare: known.text.length === 0 ? 0 : Math.min(1, linked / known.text.length),
    types,
  };
}

/** Leaves of the blocks of a segment. */
export function leafRange(file: ContentFile, segment: Segment): { from: number; to: number } {
  const { leaves } = file.flow;
  return {
    from: lowerBound(leaves, segment.from, topOfLeaf),
    to: lowerBound(leaves, segment.to, topOfLeaf),
  };
}

const leafOf = (link: { leaf: number }): number => link.leaf;
const topOfLeaf = (leaf: { top: number }): number => leaf.top;

/** Index of the first of the ascending items that is not below `bound`. */
function lowerBound<T>(items: readonly T[], bound: number, value: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && value(item) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Weight of leaves `from` up to each next one: characters, and one for the leaf itself. */
function runningWeights(file: ContentFile, from: number, to: number): number[] {
  const sums = [0];
  let sum = 0;
  for (const { block } of file.flow.leaves.slice(from, to)) {
    sum += leafLength(block) + 1;
    sums.push(sum);
  }
  return sums;
}
