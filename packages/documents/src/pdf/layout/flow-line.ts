import type { PdfLine } from '../pages.ts';

/** A line of running text with what the rules ask about its place. Lengths in points. */
export interface FlowLine extends PdfLine {
  /** Without the mark of a hyphen at its end. */
  text: string;
  /** The line ends in a hyphen of which it is not known yet whether it belongs to the word. */
  hasHyphen: boolean;
  /** From 0. */
  page: number;
  /** Where the text of this page begins and ends. */
  left: number;
  right: number;
  /** Distance to the line above on the page in usual line distances; null at the top of a page or column. */
  above: number | null;
  /** Distance to the line below; null for the last of a page or column. */
  below: number | null;
}

/** What PDFium writes for a hyphen together with the line break after it. */
export const HYPHEN_MARK = '\u{fffe}';

const SENTENCE_END = /[.!?…:»"”)\]—](?:\d{1,3}|[*†‡])?$/u;

/** The line ends as a sentence or a speech does; a note's number may follow. */
export function endsSentence(line: FlowLine): boolean {
  return !line.hasHyphen && SENTENCE_END.test(line.text);
}

/**
 * The line was ended on purpose: the first word of the next one would have found room. This holds for ragged
 * text as well, where the usual test (so many points short of the margin) calls every second line short.
 */
export function isEndedOnPurpose(line: FlowLine, next: FlowLine): boolean {
  if (line.hasHyphen) return false;
  const word = next.text.split(/\s/u, 1)[0] ?? '';
  const character = (next.x1 - next.x0) / Math.max(1, next.text.length);
  const needed = (word.length + 1) * character + SLACK * line.size;
  return line.right - line.x1 > needed;
}

/** Widths are estimated from the line's average character: a margin of safety in font sizes. */
const SLACK = 0.6;
