/** Words of a sentence, each with what is looked up by it. */

import { kindAt, LETTER, MARK } from '../characters.ts';

/** What all words that are written alike have in common. */
export interface Form {
  readonly lower: string;
  /** Lower case without accents; "й" stays apart from "и", "ё" is "е". */
  readonly plain: string;
}

export interface Word {
  readonly text: string;
  /** Where it begins and ends, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly form: Form;
}

export interface Sentence {
  readonly text: string;
  readonly words: readonly Word[];
}

export function readSentence(text: string): Sentence {
  return { text, words: wordsIn(text) };
}

/** Letters with marks; an apostrophe ends a word, as in "l'homme" and in "Tom's"; a hyphen does, too. */
function wordsIn(text: string): Word[] {
  const words: Word[] = [];
  for (let end = 0; end < text.length;) {
    const start = end;
    while (end < text.length && isOfWord(text, end)) end++;
    if (end === start) end++;
    else {
      const word = text.slice(start, end);
      words.push({ text: word, start, end, form: formOf(word) });
    }
  }
  return words;
}

function isOfWord(text: string, index: number): boolean {
  const kind = kindAt(text, index);
  return kind === LETTER || kind === MARK;
}

/** A novel has some ten thousand words, over and over. */
const MOST_FORMS = 20_000;
const forms = new Map<string, Form>();

function formOf(word: string): Form {
  const known = forms.get(word);
  if (known !== undefined) return known;
  if (forms.size >= MOST_FORMS) forms.clear();
  const lower = word.toLowerCase();
  const form = { lower, plain: PLAIN.test(lower) ? lower : withoutAccents(lower) };
  forms.set(word, form);
  return form;
}

const PLAIN = /^(?:[a-z]+|[а-я]+)$/u;

function withoutAccents(lower: string): string {
  return lower
    .normalize('NFD')
    .replace(/[\u0300-\u0305\u0307-\u036f]/gu, '')
    .normalize('NFC')
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae');
}
