/** A plain text without the frame that Project Gutenberg puts around it. */
export interface Framed {
  /** Licence and file header before the text, and licence after it; may be empty. */
  before: string;
  text: string;
  after: string;
  /** From the header: `Title: …`, `Author: …`, `Language: …`. */
  header: { title: string; author: string; language: string };
}

const START = /^(\*\*\* ?START OF .*|\*END\*THE SMALL PRINT.*|\*\*\*START OF .*)$/gim;
const END = /^(\*\*\* ?END OF .*|End of (the |this )?Project Gutenberg.*)$/im;
/** The header is short; a mark far inside of the text is no header's end. */
const HEADER_WITHIN = 30_000;

/** Cuts the frame of Project Gutenberg off, where there is one. */
export function splitFrame(source: string): Framed {
  const head = source.slice(0, HEADER_WITHIN);
  const isGutenberg = /project gutenberg/i.test(head);
  const starts = isGutenberg ? [...head.matchAll(START)] : [];
  const last = starts.at(-1);
  const begin = last ? last.index + last[0].length : 0;
  const end = isGutenberg ? END.exec(source.slice(begin)) : null;
  const stop = end ? begin + end.index : source.length;
  const before = source.slice(0, begin);
  const field = (name: string): string =>
    new RegExp(`^${name}:[ \\t]*(.+)$`, 'im').exec(before)?.[1]?.trim() ?? '';
  return {
    before,
    text: source.slice(begin, stop),
    after: source.slice(stop),
    header: { title: field('Title'), author: field('Author'), language: field('Language') },
  };
}
