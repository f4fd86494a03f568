import type { PdfOutlineItem } from '../pages.ts';
import type { FlowLine } from './flow-line.ts';

/** Where the entries of an outline lead to. */
export interface OutlinePlaces {
  /** For each entry its first line; null when nothing stands at or after its place. */
  lines: readonly (FlowLine | null)[];
  /** The lines that spell the title of an entry. */
  entryOf: ReadonlyMap<FlowLine, number>;
}

/** A title is looked for in this many lines from its place on, and may take this many. */
const SEARCHED_LINES = 10;
const TITLE_LINES = 6;
/** Of a page whose entries have no place. */
const MOST_LINES = 400;

/**
 * Finds the lines an outline points at: those that spell the entry's title at or below its place, else the first line there.
 * Places alone would not do: some programs write the top of the page for each of its entries.
 *
 * @param pages lines by page index.
 */
export function placeOutline(
  outline: readonly PdfOutlineItem[],
  pages: readonly (readonly FlowLine[])[],
): OutlinePlaces {
  const entryOf = new Map<FlowLine, number>();
  const lines = outline.map(({ title, page, y }, entry) => {
    const onPage = pages[page] ?? [];
    const from = y === null ? 0 : onPage.findIndex((line) => line.y >= y - 2);
    const titleLines =
      from < 0 ? null : findTitle(title, onPage, { from, isWholePage: from === 0, entryOf });
    for (const line of titleLines ?? []) entryOf.set(line, entry);
    return (
      titleLines?.[0] ??
      onPage[from] ??
      pages.slice(page + 1).find((l) => l.length > 0)?.[0] ??
      null
    );
  });
  return { lines, entryOf };
}

function findTitle(
  title: string,
  lines: readonly FlowLine[],
  search: { from: number; isWholePage: boolean; entryOf: ReadonlyMap<FlowLine, number> },
): FlowLine[] | null {
  const wanted = spellings(title);
  const to = search.isWholePage ? MOST_LINES : search.from + SEARCHED_LINES;
  for (let i = search.from; i < Math.min(to, lines.length); i += 1) {
    let text = '';
    for (const [n, line] of lines.slice(i, i + TITLE_LINES).entries()) {
      if (search.entryOf.has(line)) break;
      text += n === 0 || text.endsWith('-') ? line.text : ` ${line.text}`;
      if (spellings(text).some((spelling) => wanted.includes(spelling))) {
        return lines.slice(i, i + n + 1);
      }
    }
  }
  return null;
}

const NUMBERING = /^(?:\p{L}{3,9}\s+)?(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,8})[.):]?\s+(?=\S)/u;

/** Letters and digits alone, with and without a number before them: outlines leave it out or add it. */
function spellings(title: string): string[] {
  return [title, title.replace(NUMBERING, '')]
    .map((text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''))
    .filter((text) => text !== '');
}

/** An outline that lists pages ("1", "2"… or "Page 1"…), or has one entry for the whole, divides nothing. */
export function isUsefulOutline(outline: readonly PdfOutlineItem[], pageCount: number): boolean {
  const numbers = outline.filter(({ title }) => /^\W*(?:\p{L}{1,6}\.?\s*)?\d+\W*$/u.test(title));
  const isListOfPages = outline.length >= 0.8 * pageCount && numbers.length > 0.8 * outline.length;
  return outline.length >= 2 && !(isListOfPages && pageCount > 3);
}
