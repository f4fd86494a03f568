import { stripVTControlCharacters, styleText } from 'node:util';

/** The width that everything is made for; wider terminals keep the margin. */
export const COLUMNS = 80;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u;

/** Text from elsewhere on one line: a title must not be able to move the cursor or to colour the terminal. */
export function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}

/** Columns that the text takes in a terminal, without its colours. */
export function widthOf(text: string): number {
  let columns = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) {
    columns += WIDE.test(segment) ? 2 : 1;
  }
  return columns;
}

/** Text without colours cut to so many columns, with an ellipsis if something is missing. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment);
    if (used > columns - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** Filled up with blanks to so many columns, on the right or on the left. */
export function pad(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, columns - widthOf(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

/** Broken into lines of at most so many columns, at blanks. A longer word gets a line of its own. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** `1,204`. */
export function count(number: number): string {
  return number.toLocaleString('en');
}

/** `1 chapter`, `7 chapters`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** `0.84 s`, `12.3 s`, `4 min 07 s`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const rounded = Math.round(seconds);
  return `${Math.floor(rounded / 60)} min ${String(rounded % 60).padStart(2, '0')} s`;
}

/** Colours by what they mean. They vanish where the output is no terminal, or NO_COLOR is set. */
export const paint = {
  title: (text: string) => styleText('bold', text),
  faint: (text: string) => styleText('dim', text),
  link: (text: string) => styleText('underline', text),
  done: (text: string) => styleText('green', text),
  running: (text: string) => styleText('blue', text),
  waiting: (text: string) => styleText('yellow', text),
  failed: (text: string) => styleText('red', text),
} as const;

/** A share from 0 to 1 as a bar of so many columns. */
export function bar(
  share: number,
  columns: number,
  colour: (text: string) => string = paint.running,
): string {
  const halves = Math.round(Math.min(1, Math.max(0, share)) * columns * 2);
  const full = '━'.repeat(Math.floor(halves / 2)) + (halves % 2 === 1 ? '╸' : '');
  const rest = '─'.repeat(columns - full.length);
  return (full && colour(full)) + (rest && paint.faint(rest));
}
