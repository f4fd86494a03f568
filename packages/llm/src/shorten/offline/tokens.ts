/** Words of a sentence with their places, what stands between them, and where no cut may fall. */

export interface Token {
  /** Lower-case, with straight apostrophes; an elision is a word of its own: "qu'il" is "qu'" and "il". */
  readonly lower: string;
  readonly raw: string;
  /** UTF-16 offsets in the sentence. */
  readonly start: number;
  readonly end: number;
  /** What stands before it, after the previous word, without white space: "," or "" or ". —". */
  readonly gap: string;
  /** Before it stands a quotation, a bracket or a pair of dashes that is still open. */
  readonly isInside: boolean;
}

const WORD =
  /(?:lorsqu|puisqu|quoiqu|jusqu|qu|[ldsnmtcj])['’](?=\p{L})|[\p{L}\p{M}\p{N}]+(?:[-'’][\p{L}\p{M}\p{N}]+)*/giu;

const OPENING = '«“„([';
const CLOSING = '»”)]';

export function tokenize(sentence: string): Token[] {
  const inside = insideAt(sentence);
  const tokens: Token[] = [];
  let end = 0;
  for (const match of sentence.matchAll(WORD)) {
    const [raw] = match;
    tokens.push({
      lower: raw.toLowerCase().replaceAll('’', "'"),
      raw,
      start: match.index,
      end: match.index + raw.length,
      gap: sentence.slice(end, match.index).replace(/\s+/gu, ''),
      isInside: inside(match.index),
    });
    end = match.index + raw.length;
  }
  return tokens;
}

/**
 * Marks need not be balanced: after one that is never closed, and before one that was never opened, everything is
 * inside.
 */
function insideAt(sentence: string): (offset: number) => boolean {
  const spans: { from: number; to: number }[] = [];
  const open: number[] = [];
  const dashes: number[] = [];
  let straight: number | undefined;
  for (let i = 0; i < sentence.length; i++) {
    const mark = sentence.charAt(i);
    if (OPENING.includes(mark)) open.push(i);
    else if (CLOSING.includes(mark)) spans.push({ from: open.pop() ?? -1, to: i });
    else if (mark === '"') {
      if (straight === undefined) straight = i;
      else {
        spans.push({ from: straight, to: i });
        straight = undefined;
      }
    } else if ('—–'.includes(mark) && sentence.slice(0, i).trim() !== '') dashes.push(i);
  }
  for (const from of [...open, ...(straight === undefined ? [] : [straight])]) {
    spans.push({ from, to: sentence.length });
  }
  const [first, ...others] = dashes;
  const last = others.at(-1);
  if (first !== undefined && last !== undefined) spans.push({ from: first, to: last });
  return (offset) => spans.some(({ from, to }) => from < offset && offset <= to);
}
