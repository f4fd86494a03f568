import { shortLine } from '../../content/clean.ts';
import { countWords } from '../../content/words.ts';
import type { PageChapter, PdfOutlineItem } from '../pages.ts';
import { isContentsTitle } from './heading-pattern.ts';
import type { OutlinePlaces } from './outline.ts';
import type { Draft } from './paragraphs.ts';

/** The chapters of an outline, in order of reading. Entries below which no text stands are left out. */
export function outlineChapters(
  outline: readonly PdfOutlineItem[],
  places: OutlinePlaces,
  drafts: readonly Draft[],
): PageChapter[] {
  const paragraphOf = new Map(
    drafts.flatMap(({ lines }, paragraph) => lines.map((line) => [line, paragraph] as const)),
  );
  const top = Math.min(...outline.map(({ level }) => level));
  return outline
    .flatMap(({ title, level }, entry): PageChapter[] => {
      const line = places.lines[entry];
      const paragraph = line ? paragraphOf.get(line) : undefined;
      if (!line || paragraph === undefined) return [];
      const isInside = !places.entryOf.has(line) && drafts[paragraph]?.lines[0] !== line;
      const at = isInside && paragraph + 1 < drafts.length ? paragraph + 1 : paragraph;
      return [{ title: shortLine(title), level: level - top + 1, paragraph: at }];
    })
    .sort((a, b) => a.paragraph - b.paragraph);
}

/** Fewer words than this before the next heading: a title page, or a line of a table of contents. */
const LEAST_WORDS = 30;

/**
 * The chapters of a document without outline: its headings, but for those that hardly any text follows. Parts are
 * level 1 and chapters level 2; a title without number counts as a chapter if it is as large.
 */
export function headingChapters(drafts: readonly Draft[]): PageChapter[] {
  const firstPage = drafts[0]?.lines[0]?.page;
  const headings = drafts.flatMap(({ heading, paragraph, lines }, index) =>
    heading && !isContentsTitle(paragraph.text)
      ? [
          {
            index,
            wording: heading.wording,
            text: paragraph.text,
            size: lines[0]?.size ?? 0,
            page: lines[0]?.page,
          },
        ]
      : [],
  );
  const worded = headings.filter(({ wording }) => wording !== null).length;
  const kept = headings.filter(({ index, wording, page }, i) => {
    // The title of the whole above a preface or an imprint, where chapters have numbers or names of their kind.
    if (wording === null && page === firstPage && worded >= 2) return false;
    const next = headings[i + 1];
    if (next === undefined && wording !== null) return true;
    const isOverNext = wording === 'part' && next?.wording !== 'part';
    return isOverNext || hasWords(drafts, index + 1, next?.index ?? drafts.length);
  });
  const sizes = kept.filter(({ wording }) => wording === 'chapter').map(({ size }) => size);
  const chapterSize = sizes.sort((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? 0;
  const hasParts = kept.some(({ wording }) => wording === 'part');
  return kept.map(({ index, wording, text, size }) => {
    const isSection = wording === null && size < 0.94 * chapterSize;
    const level = wording === 'part' ? 1 : 1 + Number(hasParts) + Number(isSection);
    return { title: titleOf(text), level, paragraph: index };
  });
}

function hasWords(drafts: readonly Draft[], from: number, to: number): boolean {
  let words = 0;
  for (let i = from; i < to && words < LEAST_WORDS; i += 1) {
    words += countWords(drafts[i]?.paragraph.text ?? '');
  }
  return words >= LEAST_WORDS;
}

/** "CHAPITRE I." over "Le départ" is "CHAPITRE I. Le départ". */
function titleOf(text: string): string {
  const [first = '', ...others] = text.split('\n');
  return shortLine(
    [first, ...others]
      .map((line, i) => (i < others.length ? line.replace(/\.$/, '') : line))
      .join('. '),
  );
}
