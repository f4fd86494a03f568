/** A paragraph of a plain text, or a stanza: then its lines count. */
export interface TextParagraph {
  lines: string[];
  isVerse: boolean;
}

/** From here on a line is a paragraph of its own, not a line of a page. */
const LONG_LINE = 100;

/**
 * Divides a text into paragraphs. Texts set for a screen (many blank lines, hardly a line longer than
 * 100 characters) separate paragraphs by blank lines; in others each line is one.
 */
export function splitParagraphs(source: string): TextParagraph[] {
  const lines = source.split('\n').map((line) => line.trimEnd());
  return isSetInLines(lines) ? byBlankLines(lines) : byLines(lines);
}

function isSetInLines(lines: readonly string[]): boolean {
  const filled = lines.filter((line) => line !== '');
  const blank = lines.length - filled.length;
  const long = filled.filter((line) => line.length > LONG_LINE).length;
  return blank > lines.length * 0.05 && long <= filled.length * 0.02;
}

function byLines(lines: readonly string[]): TextParagraph[] {
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ lines: [line], isVerse: false }));
}

function byBlankLines(lines: readonly string[]): TextParagraph[] {
  const paragraphs: TextParagraph[] = [];
  let open: string[] = [];
  const close = (): void => {
    if (open.length > 0) paragraphs.push(toParagraph(open));
    open = [];
  };
  for (const line of lines) {
    if (line === '') close();
    else open.push(line);
  }
  close();
  return paragraphs;
}

/** Verse is indented line by line; prose at most in its first line. */
function toParagraph(lines: string[]): TextParagraph {
  const trimmed = lines.map((line) => line.trim());
  const isIndented = lines.length > 1 && lines.every((line) => /^(\t| {2,})/.test(line));
  const isRagged = Math.max(...lines.map((line) => line.length)) < 65;
  return isIndented && isRagged
    ? { lines: trimmed, isVerse: true }
    : { lines: [trimmed.join(' ')], isVerse: false };
}
