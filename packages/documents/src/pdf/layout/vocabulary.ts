import type { FlowLine } from './flow-line.ts';

/** How often a document writes its words, lower case. Words that a line end divides are not in it. */
export interface Vocabulary {
  /** Words and the parts of compounds; `l'homme` counts as `l'homme`, `l'` and `homme`. */
  plain: ReadonlyMap<string, number>;
  /** Neighbours in a compound: `arc-en-ciel` counts as `arc-en` and `en-ciel`. */
  compounds: ReadonlyMap<string, number>;
}

const WORD = /[\p{L}\p{M}]+(?:['-][\p{L}\p{M}]+)*/gu;

/** Lower case, one apostrophe, one hyphen: as words are counted and looked up. */
export function toKey(text: string): string {
  return text.toLowerCase().replace(/[’ʼ]/g, "'").replace(/[‐‑]/g, '-');
}

/** Lines in the order of reading: the first word after a line with a hyphen is only a part of one. */
export function readVocabulary(lines: Iterable<FlowLine>): Vocabulary {
  const plain = new Map<string, number>();
  const compounds = new Map<string, number>();
  let isAfterHyphen = false;
  for (const line of lines) {
    let text = toKey(line.text);
    if (isAfterHyphen) text = text.replace(/^\S+/u, '');
    if (line.hasHyphen) text = text.replace(/\S+$/u, '');
    isAfterHyphen = line.hasHyphen;
    for (const [word] of text.matchAll(WORD)) countWord(word, plain, compounds);
  }
  return { plain, compounds };
}

function countWord(word: string, plain: Map<string, number>, compounds: Map<string, number>): void {
  if (!word.includes('-') && !word.includes("'")) {
    add(plain, word);
    return;
  }
  let before: string | undefined;
  for (const part of word.split('-')) {
    add(plain, part);
    const apostrophe = part.lastIndexOf("'");
    if (apostrophe > 0) {
      add(plain, part.slice(apostrophe + 1));
      add(plain, part.slice(0, apostrophe + 1));
    }
    if (before !== undefined) add(compounds, compoundKey(before, part));
    before = part;
  }
}

/** The two neighbours without what is elided before or after: `l'arc-en`, `puis-qu'il` → `arc-en`, `puis-qu`. */
export function compoundKey(left: string, right: string): string {
  return `${left.slice(left.lastIndexOf("'") + 1)}-${right.split("'", 1)[0] ?? ''}`;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

const FUNCTION_WORDS = {
  fr: ['le', 'la', 'les', 'des', 'et', 'une', 'qui', 'dans', 'pour', 'pas', 'il', 'est', 'du'],
  en: ['the', 'and', 'of', 'to', 'was', 'that', 'he', 'his', 'with', 'had', 'it', 'for', 'is'],
  ru: ['и', 'в', 'не', 'на', 'что', 'он', 'с', 'как', 'его', 'но', 'я', 'это', 'она'],
  other:
    'der die und das nicht ein ist el los las y con che di per gli non het een van os não się та і що'.split(
      ' ',
    ),
} as const satisfies Record<string, readonly string[]>;

export type HyphenLanguage = keyof typeof FUNCTION_WORDS;

/**
 * The language whose rules for compounds hold, by its function words: French, English, Russian or another. The metadata
 * are not asked: word processors write the language of their user into every file.
 */
export function hyphenLanguage({ plain }: Vocabulary): HyphenLanguage {
  let best: HyphenLanguage = 'other';
  let most = 0;
  for (const language of ['fr', 'en', 'ru', 'other'] as const) {
    const count = FUNCTION_WORDS[language].reduce((sum, word) => sum + (plain.get(word) ?? 0), 0);
    if (count > most) [best, most] = [language, count];
  }
  return best;
}
