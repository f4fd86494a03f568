/** A run of pages that one part of a job shortens: whole sentences, from the first to the last that begin on them. */
export interface Window {
  readonly fromPage: number;
  readonly toPage: number;
  readonly firstSentence: number;
  readonly lastSentence: number;
}

/** A page as the division sees it; null where no sentence begins on it. */
export interface PageSpan {
  readonly number: number;
  readonly first_sentence: number | null;
  readonly last_sentence: number | null;
}

/** How a novel of so many pages is divided: pages a part, and how many parts are worked on at the same time. */
export function divisionOf(pageCount: number): { pages: number; parallel: number } {
  if (pageCount <= 30) return { pages: 30, parallel: 1 };
  if (pageCount <= 100) return { pages: 20, parallel: 3 };
  return { pages: 15, parallel: 5 };
}

/**
 * Divides a novel. A sentence belongs to the page on which it begins, so every window ends at the end of a sentence and each
 * sentence has exactly one owner. Pages without sentences make no window.
 */
export function windowsOf(pages: readonly PageSpan[]): Window[] {
  const { pages: size } = divisionOf(pages.length);
  const windows: Window[] = [];
  for (let start = 0; start < pages.length; start += size) {
    const run = pages.slice(start, start + size);
    const first = run.find((page) => page.first_sentence !== null)?.first_sentence;
    const last = run.findLast((page) => page.last_sentence !== null)?.last_sentence;
    if (first === undefined || first === null || last === undefined || last === null) continue;
    windows.push({
      fromPage: start + 1,
      toPage: start + run.length,
      firstSentence: first,
      lastSentence: last,
    });
  }
  return windows;
}
