import type { Language } from './language.ts';

/** A message that depends on `count`; the categories are those of Unicode's plural rules. */
export interface Plural {
  readonly one: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

export type Translated = Readonly<Record<string, string | Plural>>;

type LoadWords = (language: Language) => Promise<Translated>;

const defined = new Set<LoadWords>();

/**
 * Words that are fetched by language, once each: the same promise for the same language, as `use` demands. Those that could not be
 * had are asked for again the next time; until then they are `otherwise`, or without it an error.
 */
export function defineWords(
  fetchWords: LoadWords,
  { otherwise }: { readonly otherwise?: Translated } = {},
): LoadWords {
  const known = new Map<Language, Promise<Translated>>();
  const load: LoadWords = (language) => {
    const before = known.get(language);
    if (before !== undefined) return before;
    const words: Promise<Translated> = fetchWords(language).then(
      (fetched) => {
        markSettled(words, fetched);
        return fetched;
      },
      (error: unknown) => {
        known.delete(language);
        if (otherwise === undefined) throw error;
        return otherwise;
      },
    );
    known.set(language, words);
    return words;
  };
  defined.add(load);
  return load;
}

/** With these two fields React's `use` takes the value at once instead of waiting for a turn of the event loop. */
export function markSettled<T>(promise: Promise<T>, value: T): void {
  void Object.assign(promise, { status: 'fulfilled', value });
}

/**
 * Fetches all the words of the code that has been loaded so far. Never rejects: a screen without its words asks for them
 * itself, and says it when they cannot be had.
 */
export async function loadAllWords(language: Language): Promise<void> {
  await Promise.allSettled([...defined].map((load) => load(language)));
}
