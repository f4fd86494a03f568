import * as lists from './abbreviations.ts';

/** What differs between languages when a text is cut into sentences. */
export interface LanguageRules {
  /** Subtag for `Intl.Segmenter`. */
  readonly language: string;
  readonly quality: SegmentationQuality;
  readonly abbreviations: lists.Abbreviations;
  /** Closing quotation mark → the opening marks that it closes. A mark may be both, as in „so“ and »so«. */
  readonly closers: ReadonlyMap<string, string>;
  /** After `said he.` a dash goes on with the same speech, as in Russian; elsewhere it gives the word to another. */
  readonly dashGoesOn: boolean;
}

/**
 * `measured`: held by labelled passages of the tests. `best effort`: the rules of related languages with abbreviations
 * of its own (uk, de, es, it), or without (all others).
 */
export type SegmentationQuality = 'measured' | 'best effort';

const GUILLEMETS: readonly [string, string][] = [
  ['»', '«'],
  ['”', '“„'],
  ['’', '‘'],
];
const LOW_QUOTES: readonly [string, string][] = [
  ['»', '«'],
  ['“', '„'],
  ['”', '“„'],
];
const GERMAN_QUOTES: readonly [string, string][] = [
  ['“', '„'],
  ['”', '“„'],
  ['‘', '‚'],
  ['«', '»'],
  ['»', '«'],
  ['‹', '›'],
];

const rules = (
  language: string,
  quality: SegmentationQuality,
  abbreviations: lists.Abbreviations,
  pairs = GUILLEMETS,
): LanguageRules => ({
  language,
  quality,
  abbreviations,
  closers: new Map(pairs),
  dashGoesOn: language === 'ru' || language === 'uk',
});

const LANGUAGES = new Map(
  [
    rules('fr', 'measured', lists.french),
    rules('en', 'measured', lists.english),
    rules('ru', 'measured', lists.russian, LOW_QUOTES),
    rules('uk', 'best effort', lists.ukrainian, LOW_QUOTES),
    rules('de', 'best effort', lists.german, GERMAN_QUOTES),
    rules('es', 'best effort', lists.spanish),
    rules('it', 'best effort', lists.italian),
  ].map((language) => [language.language, language]),
);

/** "en-GB", "eng" and "EN" are "en"; what is no tag at all is "und". */
export function languageOf(tag: string): string {
  try {
    return new Intl.Locale(tag.replaceAll('_', '-')).language;
  } catch (error) {
    if (error instanceof RangeError) return 'und';
    throw error;
  }
}

export function rulesOf(tag: string): LanguageRules {
  const language = languageOf(tag);
  return LANGUAGES.get(language) ?? rules(language, 'best effort', lists.international);
}

/** How far `segmentSentences` may be trusted in a language (BCP-47 tag). */
export function segmentationQuality(language: string): SegmentationQuality {
  return rulesOf(language).quality;
}
