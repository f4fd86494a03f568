import type { PageFacts, Verdict } from './classify-page.ts';
import { classifyPage } from './classify-page.ts';

/** Everything about a page but its position, which follows from the order. */
export type UnplacedPage = Omit<PageFacts, 'index'>;

/** Classifies all pages of a book, in reading order. A book keeps at least one chapter if it can. */
export function classifyBook(pages: readonly UnplacedPage[]): Verdict[] {
  const book = { pages: pages.length, typicalWords: upperQuartile(pages) };
  const verdicts = pages.map((page, index) => classifyPage({ ...page, index }, book));
  if (verdicts.some((verdict) => verdict.pageClass === 'chapter')) return verdicts;
  return verdicts.map((verdict, i) =>
    (pages[i]?.words ?? 0) > 40
      ? {
          pageClass: 'chapter',
          signal: 9,
          reason: 'no page of the book would be text otherwise',
          code: 'page.only_text',
          params: {},
        }
      : verdict,
  );
}

/** Not the median: half of the pages of a manual may be title pages of its parts. */
function upperQuartile(pages: readonly UnplacedPage[]): number {
  const sorted = pages.map(({ words }) => words).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.75)] ?? 0;
}
