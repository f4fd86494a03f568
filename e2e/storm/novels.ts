import { randomInt } from 'node:crypto';
import { writePdf, type HandMadePage } from '../../packages/documents/src/testing/write-pdf.ts';

/** Pages of a part, in a novel of more than thirty of them. */
const PART_PAGES = 20;
const LINE_HEIGHT = 9;
const PAGE_HEIGHT = 800;
const LINES_OF_A_PAGE = 80;

/** One page, one part. Its words are its own, so that its part is nobody else's work. */
export function shortNovel(): Buffer {
  return writePdf({ pages: [pageOf(linesOf(4))] });
}

/** One part whose result is too large for a row and has to be written to the disk. */
export function largeNovel(): Buffer {
  const pages = Array.from({ length: 30 }, () => pageOf(linesOf(LINES_OF_A_PAGE, 14)));
  return writePdf({ pages });
}

/** Three parts. The poison is in the middle of the first, where its neighbours do not see it. */
export function poisonedNovel(poison: string): Buffer {
  const pages = Array.from({ length: 3 * PART_PAGES - 5 }, (_, page) =>
    pageOf(page === PART_PAGES / 2 ? [`Le jardin garde la ${poison} ${word(8)}.`] : linesOf(2)),
  );
  return writePdf({ pages });
}

/** A sentence a line, and no two alike: what stands on many pages is taken for their head. */
function linesOf(count: number, letters = 8): string[] {
  const w = () => word(letters);
  return Array.from(
    { length: count },
    () => `Le ${w()} dort sous la ${w()} et le vent du ${w()} berce un ${w()} de ${w()}.`,
  );
}

function pageOf(lines: readonly string[]): HandMadePage {
  const text = lines.map(
    (line, index) => `1 0 0 1 10 ${PAGE_HEIGHT - 20 - LINE_HEIGHT * index} Tm (${line}) Tj`,
  );
  return { text: text.join(' '), entries: `/MediaBox [0 0 900 ${PAGE_HEIGHT}]` };
}

function word(letters: number): string {
  return Array.from({ length: letters }, () => String.fromCodePoint(97 + randomInt(26))).join('');
}
