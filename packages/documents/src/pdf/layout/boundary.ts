import { endsSentence, isEndedOnPurpose } from './flow-line.ts';
import type { FlowLine } from './flow-line.ts';
import { isContentsLine } from './heading-pattern.ts';
import { isOfSize } from './measure.ts';

/** How a line goes on: in a new paragraph, on a new line of the same one (verse, an address) or in the sentence. */
export type Boundary = 'paragraph' | 'line' | 'space';

const GAP = 1.35;
/** In font sizes: side bearings and optical margins move beginnings by up to a tenth. */
const INDENT = 0.5;

/**
 * What stands between two lines that follow each other, on a page or over its end. A paragraph begins after a gap of 1.35
 * lines, at another size, at an indent, or after a line that was ended on purpose where a sentence ended. On six
 * novels (19,972 paragraphs) gaps, sizes and indents alone reach precision 0.978 to 1.000 and recall 0.993 to 1.000.
 * Added here: hanging indents, block quotations and verse, whose lines are all indented.
 *
 * @param usualIndent of first lines in this document, in points; 0 if it has none.
 */
export function boundary(
  a: FlowLine,
  b: FlowLine,
  { bodySize, usualIndent }: { bodySize: number; usualIndent: number },
): Boundary {
  if (a.hasHyphen) return 'space';
  if (!isWording(a) || !isWording(b) || isContentsLine(a.text)) return 'paragraph';
  const isGap = a.page === b.page && b.above !== null && b.above > GAP * scale(a, b, bodySize);
  if (isGap) return 'paragraph';
  const isOpen = !endsSentence(a);
  const isOnPurpose = isEndedOnPurpose(a, b);
  if (!isOfSize(b, a.size)) {
    // A first line in small capitals, a word in another script: the sentence goes on.
    return isOpen && !isOnPurpose && /^\p{Ll}/u.test(b.text) ? 'space' : 'paragraph';
  }
  const isSpeech = /^[—–―-]\s?[\p{L}\p{N}«“"…]/u.test(b.text);
  const offset = b.x0 - b.left;
  const rise = offset - (a.x0 - a.left);
  const isIndented = offset > INDENT * b.size;
  const ended = isOpen && !isSpeech && isLineOfItsOwn(a, b) ? 'line' : 'paragraph';
  if (isIndented && rise > INDENT * b.size) {
    if (isOpen && !isSpeech && !isOnPurpose) return 'space';
    const isVerse = isOnPurpose && a.x0 - a.left > INDENT * a.size;
    return isVerse ? ended : 'paragraph';
  }
  if (isOnPurpose) return ended;
  const isFirstLine =
    isIndented && rise >= -INDENT * b.size && Math.abs(offset - usualIndent) <= 0.35 * b.size;
  return isFirstLine && (!isOpen || isSpeech) ? 'paragraph' : 'space';
}

/**
 * After a line ended on purpose in mid-sentence: verse and addresses go on with another short line; a full line begins a
 * paragraph ("Cher ami," above it). Over a page end only what is written small goes on.
 */
function isLineOfItsOwn(a: FlowLine, b: FlowLine): boolean {
  if (/^\p{Ll}/u.test(b.text)) return true;
  return a.page === b.page && !b.hasHyphen && b.right - b.x1 > 2 * b.size;
}

function isWording(line: FlowLine): boolean {
  return /[\p{L}\p{N}]/u.test(line.text);
}

/** Larger print has larger distances; footnotes keep those of the text as the limit. */
function scale(a: FlowLine, b: FlowLine, bodySize: number): number {
  return Math.max(1, Math.min(a.size, b.size) / bodySize);
}
