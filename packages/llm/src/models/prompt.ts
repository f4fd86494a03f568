/** The prompt for one window, in the language of the book where we have one. */

import type { DescriptionKind } from '../description.ts';
import { languageName, languageSubtag } from './language.ts';
import { english } from './prompts/en.ts';
import { french } from './prompts/fr.ts';
import type { PromptPack } from './prompts/prompt-pack.ts';
import { russian } from './prompts/ru.ts';
import { ukrainian } from './prompts/uk.ts';
import type { Window } from './windows.ts';

/** Rises whenever a prompt changes: remembered answers to the old one no longer count. */
export const PROMPT_VERSION = '1';

const PACKS = new Map([english, french, russian, ukrainian].map((pack) => [pack.language, pack]));

export interface Prompt {
  /** The same for all windows of a book, so that a provider can cache it. */
  readonly instructions: string;
  /** Text of the example, to recognise quotes from it. */
  readonly example: string;
  /** What the kinds may be called, lower-case. */
  readonly kindNames: ReadonlyMap<string, DescriptionKind>;
  /** The numbered paragraphs. */
  question(window: Window, reading: 'first' | 'second'): string;
}

/**
 * @param bookLanguage BCP-47 tag of the text
 * @param promptLanguage BCP-47 tag of the language in which the model is spoken to; quotes stay in the book's. Without it,
 *   or where there is no prompt in it: the book's, then English.
 */
export function createPrompt(bookLanguage: string, promptLanguage: string | undefined): Prompt {
  const book = languageSubtag(bookLanguage);
  const wanted = PACKS.get(languageSubtag(promptLanguage ?? '') ?? '');
  const pack = wanted ?? PACKS.get(book ?? '') ?? english;
  const example = tagged(pack.example.paragraphs);
  const answer = JSON.stringify({ items: pack.example.items });
  return {
    instructions: [
      pack.task.replaceAll('{language}', languageName(book, pack.language)) +
        foreignBook(pack, book),
      pack.exampleHeading,
      example,
      answer,
    ].join('\n\n'),
    example: pack.example.paragraphs.map(([, text]) => text).join('\n\n'),
    kindNames: kindNames(pack),
    question: (window, reading) => {
      const paragraphs = tagged(window.map(({ number, text }) => [number, text]));
      return reading === 'second' ? `${pack.secondReading}\n\n${paragraphs}` : paragraphs;
    },
  };
}

function tagged(paragraphs: readonly (readonly [number: number, text: string])[]): string {
  return paragraphs.map(([number, text]) => `[p${number}] ${text}`).join('\n\n');
}

/** Only the English prompt speaks of any language; another one that was asked for must be put right. */
function foreignBook({ language }: PromptPack, book: string | undefined): string {
  if (language === 'en' || language === book) return '';
  return `\n\n(The book is in ${languageName(book, 'en')}: copy the quotes in that language.)`;
}

function kindNames(pack: PromptPack): ReadonlyMap<string, DescriptionKind> {
  const own: readonly DescriptionKind[] = ['place', 'character', 'atmosphere', 'object'];
  return new Map([
    ...Object.entries(english.kindNames),
    ...Object.entries(pack.kindNames),
    ...own.map((kind) => [kind, kind] as const),
  ]);
}
