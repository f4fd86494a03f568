import { normalise, type Normalised } from './normalise.ts';

export interface Token {
  readonly word: string;
  /** Range in the normalised text. */
  readonly start: number;
  readonly end: number;
}

/** A chapter made ready for any number of quotes: normalised once, its words indexed once. */
export interface Chapter extends Normalised {
  readonly text: string;
  /** Words of the normalised text and where each occurs, made on first use: most quotes are verbatim. */
  words(): { readonly tokens: readonly Token[]; readonly positions: ReadonlyMap<string, number[]> };
}

const WORD = /[\p{L}\p{N}]+/gu;

export function tokenise(normalised: string): Token[] {
  return Array.from(normalised.matchAll(WORD), ({ 0: word, index }) => ({
    word,
    start: index,
    end: index + word.length,
  }));
}

export function indexChapter(text: string): Chapter {
  const normalised = normalise(text);
  let index: ReturnType<Chapter['words']> | undefined;
  return {
    ...normalised,
    text,
    words() {
      index ??= indexWords(normalised.out);
      return index;
    },
  };
}

function indexWords(out: string): ReturnType<Chapter['words']> {
  const tokens = tokenise(out);
  const positions = new Map<string, number[]>();
  for (const [position, { word }] of tokens.entries()) {
    const places = positions.get(word);
    if (places === undefined) positions.set(word, [position]);
    else places.push(position);
  }
  return { tokens, positions };
}

/** The first place of the normalised text that comes from `sourceOffset` or later. */
export function offsetInNormalised({ map }: Normalised, sourceOffset: number): number {
  let low = 0;
  let high = map.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((map[middle] ?? 0) < sourceOffset) low = middle + 1;
    else high = middle;
  }
  return low;
}
