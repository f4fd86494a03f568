import type { Book } from './book.ts';
import { leafText, leavesOf } from './content/text.ts';
import type { WarningSink } from './warnings.ts';

/** Scripts that are told apart, with the ISO 15924 codes that languages name them by. */
const SCRIPTS = [
  { name: 'Latin', codes: ['Latn'], letters: /\p{sc=Latn}/u },
  { name: 'Cyrillic', codes: ['Cyrl'], letters: /\p{sc=Cyrl}/u },
  { name: 'Greek', codes: ['Grek'], letters: /\p{sc=Grek}/u },
  { name: 'Arabic', codes: ['Arab'], letters: /\p{sc=Arab}/u },
  { name: 'Hebrew', codes: ['Hebr'], letters: /\p{sc=Hebr}/u },
  {
    name: 'Chinese, Japanese or Korean',
    codes: ['Hans', 'Hant', 'Jpan', 'Kore'],
    letters: /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/u,
  },
] as const;

/** Written in Latin and in Cyrillic or Arabic letters, whatever is the more usual. */
const OF_SEVERAL_SCRIPTS = /^(az|bs|crh|ha|kk|ku|ky|mn|ms|pa|sh|sr|tg|tk|tt|ug|uz)\b/;

/** A sample of this many characters in all, from as many chapters as there are. */
const SAMPLE_CHARACTERS = 100_000;
const LEAST_PER_CHAPTER = 200;
const LEAST_LETTERS = 500;
/**
 * Share of the letters of running text that a script of the book has. A manual half translated into
 * Russian has 0.58 in Cyrillic; of 76 other books none has 0.1 in another script than its language's.
 */
const MOST = 0.5;

/**
 * The declared language, or null with a warning when the book is written in another script than that
 * language: a converter's default of `en` on a Russian book. Languages of one script are not told
 * apart here.
 */
export function checkedLanguage(book: Book, warn: WarningSink): string | null {
  const declared = book.metadata.language;
  if (declared === null || OF_SEVERAL_SCRIPTS.test(declared)) return declared;
  const code = new Intl.Locale(declared).maximize().script;
  const own = SCRIPTS.find(({ codes }) => codes.some((known) => known === code));
  if (!own) return declared;
  const lengthOf = counterOf(sampleOf(book));
  const total = lengthOf(/\p{L}/u);
  const isMost = ({ letters }: (typeof SCRIPTS)[number]): boolean =>
    lengthOf(letters) > total * MOST;
  if (total < LEAST_LETTERS || isMost(own)) return declared;
  const found = SCRIPTS.find(isMost);
  if (!found) return declared;
  warn(
    'language.contradicts_text',
    `The book says that its language is ${declared}, but its text is in ${found.name} letters; the language is left open.`,
    { language: declared },
  );
  return null;
}

/** Running text only: listings of programs are in Latin letters in any language. */
function sampleOf({ chapters }: Book): string {
  const share = Math.max(LEAST_PER_CHAPTER, Math.floor(SAMPLE_CHARACTERS / chapters.length));
  const parts: string[] = [];
  for (const { content } of chapters) {
    let left = share;
    for (const block of leavesOf(content)) {
      if (left <= 0) break;
      if (block.type === 'pre') continue;
      const text = leafText(block);
      parts.push(text.slice(0, left));
      left -= text.length;
    }
  }
  return parts.join('\n');
}

/** Counts the UTF-16 code units of a text that match. Each character is asked for once: a text has few different ones. */
function counterOf(text: string): (pattern: RegExp) => number {
  // By code point. Of these four megabytes the system gives the pages that are written to.
  const counts = new Uint32Array(0x11_0000);
  const found: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const point = text.codePointAt(at) ?? 0;
    if (point > 0xff_ff) at += 1;
    const count = counts[point] ?? 0;
    if (count === 0) found.push(point);
    counts[point] = count + 1;
  }
  return (pattern) => {
    let length = 0;
    for (const point of found) {
      const character = String.fromCodePoint(point);
      if (pattern.test(character)) length += character.length * (counts[point] ?? 0);
    }
    return length;
  };
}
