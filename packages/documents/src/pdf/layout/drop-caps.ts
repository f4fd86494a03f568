import type { PdfLine } from '../pages.ts';
import { HYPHEN_MARK } from './flow-line.ts';

/**
 * Puts a large initial (a letter over two or more lines at the beginning of a chapter) back before its first line, and
 * the lines beside it back to the margin. Left alone, it would be a heading, "L", "C" or "I" even a numbered one, and
 * every line beside it an indented paragraph.
 *
 * @param isWord whether the text uses this word elsewhere: decides between "Il" and "A cette".
 */
export function mergeDropCaps(
  lines: readonly PdfLine[],
  bodySize: number,
  isWord: (word: string) => boolean,
): PdfLine[] {
  const merged = [...lines];
  const initials = lines.filter(
    ({ size, text }) => size >= LEAST_SIZE * bodySize && INITIAL.test(text),
  );
  for (const initial of initials.slice(0, MOST_INITIALS)) {
    const beside = merged.filter((line) => isBeside(line, initial, bodySize));
    const first = beside.toSorted((a, b) => a.y - b.y)[0];
    if (!first) continue;
    const left = Math.min(initial.x0, first.x0);
    for (const line of beside) merged[merged.indexOf(line)] = { ...line, x0: left };
    const at = merged.findIndex((line) => line.y === first.y && line.text === first.text);
    merged[at] = { ...first, x0: left, text: joinInitial(initial.text, first.text, isWord) };
    merged.splice(merged.indexOf(initial), 1);
  }
  return merged;
}

const LEAST_SIZE = 1.8;
/** On one page; each takes a look at all of its lines. */
const MOST_INITIALS = 8;
const INITIAL = /^[«“"'‘—–-]{0,2}\s?\p{Lu}['’]?$/u;

function isBeside(line: PdfLine, initial: PdfLine, bodySize: number): boolean {
  const isText = line !== initial && line.size < 1.3 * bodySize;
  const isLevel = line.y <= initial.y + 0.3 * bodySize && line.y > initial.y - initial.size;
  const gap = line.x0 - initial.x1;
  return isText && isLevel && gap > -0.3 * bodySize && gap < 1.5 * bodySize;
}

function joinInitial(initial: string, text: string, isWord: (word: string) => boolean): string {
  const [rest = ''] = /^[\p{L}\p{M}]+/u.exec(text.replace(HYPHEN_MARK, '')) ?? [];
  const letter = initial.replace(/[^\p{L}]/gu, '');
  const isWordAlone =
    !/['’]$/.test(initial) && rest !== '' && isWord(rest) && !isWord(letter + rest);
  return isWordAlone && isWord(letter) ? `${initial} ${text}` : initial + text;
}
