import type { Pages, PdfLine, PdfMetadata, PdfOutlineItem, PdfPage } from '../pages.ts';
import { HYPHEN_MARK } from './flow-line.ts';
import { layoutPages } from './layout-pages.ts';

/** A page of 400 × 600 points, its text from 50 to 350 in 10 points, 5 points a character, 14 points a line. */
export const LEFT = 50;
export const RIGHT = 350;
const TOP = 80;
const LINE = 14;

/** Lines hyphenated with "|" at their end. */
export function line(text: string, place: Partial<PdfLine> = {}): PdfLine {
  const size = place.size ?? 10;
  const x0 = place.x0 ?? LEFT;
  const marked = text.endsWith('|') ? text.slice(0, -1) + HYPHEN_MARK : text;
  return { text: marked, x0, x1: x0 + 0.5 * size * marked.length, y: TOP, size, ...place };
}

/** A line that fills the measure, as all but the last of a justified paragraph do. */
export function full(text: string, place: Partial<PdfLine> = {}): PdfLine {
  return line(text, { x1: RIGHT, ...place });
}

export function centred(text: string, place: Partial<PdfLine> = {}): PdfLine {
  const width = line(text, place).x1 - LEFT;
  const x0 = (LEFT + RIGHT - width) / 2;
  return { ...line(text, { ...place, x0 }), x1: x0 + width };
}

/** A justified paragraph with an indent of 15 points and lines of sixty characters. */
export function prose(text: string, { indent = 15 } = {}): PdfLine[] {
  const lines: PdfLine[] = [];
  let open = '';
  for (const word of text.split(' ')) {
    const room = lines.length === 0 ? 60 - indent / 5 : 60;
    if (open !== '' && open.length + word.length + 1 > room) {
      lines.push(full(open, { x0: LEFT + (lines.length === 0 ? indent : 0) }));
      open = word;
    } else open = open === '' ? word : `${open} ${word}`;
  }
  return [...lines, line(open, { x0: LEFT + (lines.length === 0 ? indent : 0) })];
}

/** Sets lines one below the other; a number between them is an additional distance in lines. */
export function page(index: number, content: readonly (PdfLine | number)[]): PdfPage {
  const lines: PdfLine[] = [];
  let y = TOP;
  for (const item of content) {
    if (typeof item === 'number') y += item * LINE;
    else {
      lines.push({ ...item, y });
      y += LINE;
    }
  }
  return { index, width: 400, height: 600, lines };
}

/** Adds lines that stand apart from the text: heads at 40, page numbers at 570. */
export function withLines(of: PdfPage, ...added: PdfLine[]): PdfPage {
  return {
    ...of,
    lines: [...added.filter(({ y }) => y < TOP), ...of.lines, ...added.filter(({ y }) => y >= TOP)],
  };
}

const NO_METADATA: PdfMetadata = { title: null, author: null, language: null };

export function layout(
  pages: readonly PdfPage[],
  outline: readonly PdfOutlineItem[] = [],
  metadata: PdfMetadata = NO_METADATA,
): Pages {
  return layoutPages({ pageCount: pages.length, metadata, outline, pages });
}

export function texts(pages: readonly PdfPage[]): string[] {
  return layout(pages).paragraphs.map(({ text }) => text);
}

/** Paragraphs of forty words each, no two alike; the same for the same numbers. */
export function story(count: number, from = 0): PdfLine[] {
  return Array.from({ length: count }, (_, i) => prose(sentence(from * 50 + i))).flat();
}

/** A sentence of forty words that another number does not give. */
export function sentence(seed: number, words: readonly string[] = WORDS): string {
  let state = seed + 1;
  const chosen = Array.from({ length: 40 }, () => {
    state = (state * 48271) % 2147483647;
    return words[state % words.length] ?? '';
  });
  return `${seed % 2 === 0 ? 'A' : 'O'} ${chosen.join(' ')}.`;
}

const WORDS = (
  'le la les un une des du et ou mais soir matin ville village maison jardin rue route pont mer rivage vent pluie neige soleil ' +
  'ombre homme femme enfant marchand soldat cheval chien oiseau voix main visage regard pas porte table lampe livre lettre mot ' +
  'grand petit vieux jeune blanc noir lent vif doux triste dans sur sous vers avec sans pour il elle va vient dit voit prend laisse'
).split(' ');
