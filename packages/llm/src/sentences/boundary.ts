/** Whether a place of a paragraph ends a sentence: the first rule that has an opinion decides. */

import type { Abbreviations } from './abbreviations.ts';
import type { LanguageRules } from './languages.ts';
import type { OpenQuotes } from './quotes.ts';
import { isSpeechGoingOn } from './speech.ts';

/** `start`: where the sentence began that may end at `end`; `next`: where the following one would begin. */
interface Question {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly next: number;
  readonly rules: LanguageRules;
  readonly quotes: OpenQuotes;
}

/** No rule looks further back or ahead, which keeps time linear. */
const BEFORE = 160;
const AFTER = 80;

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
/** A dash that gives the word to somebody; a hyphen only if a space follows. */
const DASH = /^(?:[—–―]|--|-(?=\s))\s*/u;
const GOES_ON = /^(?:[.!?…,;:)\]»”]|[’"'](?![\p{L}\p{N}]))/u;
const GOES_ON_REVERSED = /^(?:[.!?…,;:)\]“”«]|[‘"'](?![\p{L}\p{N}]))/u;
const STARTS_LOWER = /^\p{Ll}/u;
const OPENS = /^[«“„‘"'(\u005b»‚]\s?/u;

export function isBoundary({ text, start, end, next, rules, quotes }: Question): boolean {
  if (hasLineBreak(text, end, next)) return true;
  const before = text.slice(Math.max(start, end - BEFORE), end);
  const after = text.slice(next, next + AFTER);
  const isWhole = end - start <= BEFORE;
  if (isWhole && !LETTER_OR_DIGIT.test(before)) return false;
  const goesOn = rules.language === 'de' ? GOES_ON_REVERSED : GOES_ON;
  if (goesOn.test(after)) return false;
  const withoutDash = after.replace(DASH, '');
  if (STARTS_LOWER.test(withoutDash)) return false;
  // « Assez ! assez ! » may be one sentence; after a full stop, a quotation begins a new one in any case.
  if (/[!?…]$/u.test(before) && STARTS_LOWER.test(after.replace(OPENS, ''))) return false;
  if (quotes.isInsideShort(start, end)) return false;
  const hasDash = withoutDash.length < after.length;
  if (!hasDash && belongsToAbbreviation(before, after, isWhole, rules)) return false;
  if (isStammer(before, after)) return false;
  return !isSpeechGoingOn({ before, after, withoutDash, rules });
}

function hasLineBreak(text: string, end: number, next: number): boolean {
  // White space may be a page of line breaks: the first characters tell.
  return /[\n\r\u2028\u2029]/u.test(text.slice(end, Math.min(next, end + AFTER)));
}

/** "Je… Je ne sais pas." */
function isStammer(before: string, after: string): boolean {
  const last = /(?<![\p{L}\p{N}])(\p{L}{1,3})(?:…|\.{3})$/u.exec(before)?.[1];
  if (last === undefined) return false;
  const first = /^\p{L}+/u.exec(after)?.[0];
  return first?.toLowerCase() === last.toLowerCase();
}

const LAST_TOKEN = /[^\s«»“”„‘’"'()\u005b\u005d—–]+$/u;
const NUMBER = /^(?:[\d§№]|[IVXLC]{2,}(?!\p{L})|[VX](?!\p{L}))/u;
const INITIALS = /^(?:\p{Lu}\p{Ll}?\.-?)*\p{Lu}$/u;
const LIST_NUMBER = /^(?:\d{1,3}|[IVXLC]{1,6}|\p{L})\.$/u;

function belongsToAbbreviation(
  before: string,
  after: string,
  isWhole: boolean,
  rules: LanguageRules,
): boolean {
  if (!before.endsWith('.') || before.endsWith('..')) return false;
  if (isWhole && LIST_NUMBER.test(before)) return true;
  const last = LAST_TOKEN.exec(before)?.[0].slice(0, -1) ?? '';
  if (last === '') return false;
  const { abbreviations } = rules;
  // "т. д.", "p. ex.", "S. M.": the stop of the first may be followed by a space.
  const rest = before.slice(0, before.length - last.length - 1);
  const previous = /([^\s«“„"'()]{1,4}\.)\s$/u.exec(rest)?.[1] ?? '';
  const kind = kindOf(`${previous}${last}`, abbreviations) ?? kindOf(last, abbreviations);
  if (kind === 'always') return true;
  if (kind === 'numbers') return NUMBER.test(after);
  if (rules.language === 'ru' && /^гг?$/iu.test(last)) return isYear(rest, after, abbreviations);
  if (rules.language === 'en' && last === 'I') return /^\p{Lu}\./u.test(after);
  if (kind !== 'names' && !INITIALS.test(last)) return false;
  if (kind === undefined && isEra(rules.language, last)) return false;
  return /^[\p{Lu}\d]/u.test(after) && !startsSentence(after, abbreviations);
}

function kindOf(
  word: string,
  { always, names, numbers }: Abbreviations,
): 'always' | 'names' | 'numbers' | undefined {
  const isLong = word.replaceAll('.', '').length > 1;
  const spellings = isLong ? [word, word.charAt(0).toLowerCase() + word.slice(1)] : [word];
  const isIn = (set: ReadonlySet<string>) => spellings.some((spelling) => set.has(spelling));
  if (isIn(always)) return 'always';
  if (isIn(names)) return 'names';
  return isIn(numbers) ? 'numbers' : undefined;
}

/** "av. J.-C. Les Romains": dotted capitals that end a sentence as often as not. */
const isEra = (language: string, initials: string): boolean =>
  (language === 'fr' && initials === 'J.-C') || /^(?:[AP]\.M|B\.C|A\.D)$/u.test(initials);

/** A word and not an initial: the A of "J. A. Smith" begins no sentence. */
function startsSentence(after: string, { starters }: Abbreviations): boolean {
  const first = /^(\p{L}+)(?!\.\s?\p{Lu})/u.exec(after)?.[1];
  return first !== undefined && starters.has(first);
}

/** "В 1859 г. Базаров уехал" goes on, "… родился в 1859 г. Дом сгорел" does not: the sentence was hardly begun. */
function isYear(rest: string, after: string, abbreviations: Abbreviations): boolean {
  if (!/\d\s?$/u.test(rest)) return /^\p{Lu}/u.test(after);
  return rest.trim().split(/\s+/u).length <= 3 && !startsSentence(after, abbreviations);
}
