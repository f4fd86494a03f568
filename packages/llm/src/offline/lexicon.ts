/**
 * Word lists and how they are looked up.
 *
 * An entry is a whole word, or a stem with `*` that stands for at most a few further letters: enough
 * for an inflection, too little for most unrelated words that begin alike.
 */

/** The lists. A word may be on several; `bitOf` makes one number of them. */
export const CATEGORIES = [
  'place',
  'body',
  'atmosphere',
  'object',
  'quality',
  'spatial',
  'stative',
  'event',
  'speech',
  'mental',
  'person',
] as const;

export type Category = (typeof CATEGORIES)[number];

export const bitOf = (category: Category): number => 1 << CATEGORIES.indexOf(category);

/** One language's word lists as a person writes them: entries separated by white space. */
export interface LexiconSource extends Readonly<Record<Category, string>> {
  /** Language subtag: "en". */
  readonly language: string;
  readonly support: 'measured' | 'best-effort';
  /** Words that begin like a stem and have nothing to do with it ("season" for "sea*"). */
  readonly except: string;
  /** Words after which a full stop does not end a sentence, without the stop. */
  readonly abbreviations: string;
  /** Letters that may follow a stem of this length. */
  readonly suffixLength: (stemLength: number) => number;
  /** Letters before an apostrophe that belong to the next word: French "l'homme". */
  readonly elisions: string;
}

export interface Lexicon {
  readonly language: string;
  readonly support: 'measured' | 'best-effort';
  readonly abbreviations: ReadonlySet<string>;
  readonly elisions: ReadonlySet<string>;
  /** Categories of a lower-case word as a sum of bits; 0 for an ordinary word. */
  readonly lookup: (word: string) => number;
}

const entriesOf = (list: string): string[] => list.split(/\s+/u).filter((entry) => entry !== '');

/**
 * Compiles word lists into two maps. A look-up costs one step per length a stem may have, whatever
 * the size of the lists; scanning every entry, as a first version did, is 0.1 to 0.6 MB/s.
 */
export function compileLexicon(source: LexiconSource): Lexicon {
  const words = new Map<string, number>();
  const stems = new Map<string, number>();
  for (const category of CATEGORIES) {
    for (const entry of entriesOf(source[category])) {
      const isStem = entry.endsWith('*');
      const key = isStem ? entry.slice(0, -1) : entry;
      const map = isStem ? stems : words;
      map.set(key, (map.get(key) ?? 0) | bitOf(category));
    }
  }
  const except = new Set(entriesOf(source.except));
  const stemLengths = [...stems.keys()].map((stem) => stem.length);
  const shortest = Math.min(...stemLengths);
  const longest = Math.max(...stemLengths);

  return {
    language: source.language,
    support: source.support,
    abbreviations: new Set(entriesOf(source.abbreviations)),
    elisions: new Set(entriesOf(source.elisions)),
    lookup(word) {
      let bits = words.get(word) ?? 0;
      if (except.has(word)) return bits;
      for (let length = Math.min(word.length, longest); length >= shortest; length--) {
        const room = source.suffixLength(length);
        if (word.length - length > room) continue;
        bits |= stems.get(word.slice(0, length)) ?? 0;
      }
      return bits;
    },
  };
}
