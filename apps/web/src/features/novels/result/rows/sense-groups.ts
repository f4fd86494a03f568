import type { ShortenedSentence } from '@scriptorium/contract';

/**
 * The lines in which each short sentence is shown. One that could not be cut stands in its sense groups, which are lines of it and no
 * sentences; the server names the groups of all sentences in a row, and letters tell where the next sentence begins.
 */
export function linesOf(
  row: Pick<ShortenedSentence, 'label' | 'sentences' | 'groups'>,
): readonly (readonly string[])[] {
  // What a person wrote stands as they wrote it, whatever the groups were before.
  const left = row.label === 'over_limit' ? [...(row.groups ?? [])] : [];
  return row.sentences.map((sentence) => {
    const lines: string[] = [];
    for (let letters = lettersIn(sentence); letters > 0;) {
      const group = left.shift();
      if (group === undefined) break;
      lines.push(group);
      letters -= lettersIn(group);
    }
    return lines.length === 0 ? [sentence] : lines;
  });
}

function lettersIn(text: string): number {
  return text.replaceAll(/\s+/gu, '').length;
}
