import type { FlowLine } from './flow-line.ts';

/**
 * Divides a page into running text and the footnotes below it: the smaller lines at its end, if the next page goes on in
 * the size of the text (a quotation that runs over the page end goes on in its own). Notes are set after the paragraph
 * they interrupt, never dropped.
 */
export function splitNotes(
  lines: readonly FlowLine[],
  next: readonly FlowLine[] | undefined,
  bodySize: number,
): { text: readonly FlowLine[]; notes: readonly FlowLine[] } {
  const last = lines.findLastIndex((line) => !isSmall(line, bodySize));
  const goesOn = next?.find((line) => line.text !== '');
  const hasNotes = last >= 0 && last < lines.length - 1 && goesOn && !isSmall(goesOn, bodySize);
  return hasNotes
    ? { text: lines.slice(0, last + 1), notes: lines.slice(last + 1) }
    : { text: lines, notes: [] };
}

function isSmall(line: FlowLine, bodySize: number): boolean {
  return line.size < 0.93 * bodySize;
}
