/** Verbs, subjects and clauses of a French sentence, as far as a lexicon and word order tell. No parser stands behind. */

import * as lefff from './lefff.ts';
import * as lists from './french-lists.ts';
import { type Token, tokenize } from './tokens.ts';

export interface Word extends Token {
  /** Bits of `lefff.ts`. */
  readonly tags: number;
  /** A verb with its subject behind it: "dit-il", "demanda-t-elle". */
  readonly isInverted: boolean;
  readonly isFinite: boolean;
}

/** Who acts, and how to say so again. */
export interface Subject {
  /** "il", "elles", "Jeanne". */
  readonly again: string;
  readonly isPlural: boolean;
}

const INVERTED = /^(.+?)-(?:t-)?(?:je|tu|ils?|elles?|on|nous|vous|ce)$/u;

export function readWords(sentence: string, lexicon: lefff.Lexicon): Word[] {
  return tokenize(sentence).map((token) => {
    const head = INVERTED.exec(token.lower)?.[1];
    const tags = tagsOf(head ?? token.lower, token.raw, lexicon);
    const lower = head ?? token.lower;
    // At the head of a sentence "A" is the preposition without its accent.
    const isVerb = token.raw !== 'A' && isFinite(lower, tags);
    return { ...token, tags, isInverted: head !== undefined, isFinite: isVerb };
  });
}

function tagsOf(lower: string, raw: string, lexicon: lefff.Lexicon): number {
  // Lefff spells "oeil".
  const form = lower.replaceAll('œ', 'oe');
  return lexicon.tagsOf(form) | (raw === lower ? 0 : lexicon.tagsOf(raw) & lefff.NAME);
}

/** "bout", "porte" and "du" are verbs to the lexicon as well: what may be a noun does not count as one. */
function isFinite(lower: string, tags: number): boolean {
  if (lists.CERTAINLY_FINITE.has(lower)) return true;
  if ((tags & lefff.FINITE) === 0 || lists.CLITICS.has(lower)) return false;
  if (lists.FINITE_ENDING.test(lower)) return true;
  return (tags & (lefff.NOUN | lefff.ADJECTIVE | lefff.FUNCTION_WORD)) === 0;
}

/** Index of the first word at or after `from` that is no clitic. */
export function skipClitics(words: readonly Word[], from: number): number {
  let at = from;
  while (lists.CLITICS.has(words[at]?.lower ?? '') && (at === from || words[at]?.gap === '')) at++;
  return at;
}

export function agrees(word: Word | undefined, isPlural: boolean): boolean {
  if (word === undefined || word.isInverted || !word.isFinite) return false;
  return (word.tags & (isPlural ? lefff.FINITE_3P : lefff.FINITE_3S)) !== 0;
}

/** Whether a subject pronoun stands at `at` with the verb that belongs to it. */
export function hasPronounSubject(words: readonly Word[], at: number): boolean {
  const pronoun = words[at]?.lower ?? '';
  const verb = words[skipClitics(words, at + 1)];
  // Nothing but clitics between: a comma would make the pronoun part of something else.
  if (words.slice(at + 1, skipClitics(words, at + 1) + 1).some(({ gap }) => gap !== ''))
    return false;
  if (lists.THIRD_SINGULAR.has(pronoun)) return agrees(verb, false);
  if (lists.THIRD_PLURAL.has(pronoun)) return agrees(verb, true);
  if (!lists.FIRST_SECOND.has(pronoun) || verb === undefined || verb.isInverted) return false;
  return verb.isFinite && (verb.tags & lefff.FINITE_12) !== 0;
}

/** Whether "determiner (adjective) noun … verb" begins at `at`, the verb within five words and without a comma. */
export function hasNounSubject(words: readonly Word[], at: number): boolean {
  const isPlural = isPluralDeterminer(words[at]);
  if (isPlural === undefined || nounAfter(words, at) === undefined) return false;
  for (let i = at + 2; i <= at + 5; i++) {
    const word = words[i];
    if (word === undefined || word.gap !== '' || lists.SUBORDINATORS.has(word.lower)) return false;
    if (word.isFinite) return agrees(word, isPlural);
  }
  return false;
}

function isPluralDeterminer(word: Word | undefined): boolean | undefined {
  if (word === undefined) return undefined;
  if (lists.DETERMINERS_P.has(word.lower)) return true;
  return lists.DETERMINERS_S.has(word.lower) ? false : undefined;
}

interface Noun {
  readonly at: number;
  readonly isFeminine: boolean;
}

/** The noun of one gender after the determiner at `at`, over one light adjective; "la vieille" is a noun too. */
function nounAfter(words: readonly Word[], at: number): Noun | undefined {
  const isLight = lists.LIGHT_ADJECTIVES.has(words[at + 1]?.lower ?? '');
  return (isLight ? nounAt(words, at + 2) : undefined) ?? nounAt(words, at + 1);
}

function nounAt(words: readonly Word[], at: number): Noun | undefined {
  const word = words[at];
  if (word === undefined || word.gap !== '' || (word.tags & lefff.NOUN) === 0) return undefined;
  // Pronouns to the reader, nouns to the lexicon as well.
  if (/^(?:une?s?|uns|autres?|tout|même|mêmes)$/u.test(word.lower)) return undefined;
  const gender = word.tags & (lefff.MASCULINE | lefff.FEMININE);
  const isOne = gender === lefff.MASCULINE || gender === lefff.FEMININE;
  return isOne ? { at, isFeminine: gender === lefff.FEMININE } : undefined;
}

/** The noun phrase that ends right before `at`: "une femme", "la vieille maison", "un chien noir". */
export function nounBefore(
  words: readonly Word[],
  at: number,
): (Noun & { readonly determiner: string; readonly isPlural: boolean }) | undefined {
  for (const back of [2, 3]) {
    const determiner = words[at - back];
    const isPlural = isPluralDeterminer(determiner);
    if (determiner === undefined || isPlural === undefined) continue;
    const noun = nounAfter(words, at - back);
    if (noun === undefined || words.slice(at - back + 1, at).some(({ gap }) => gap !== ''))
      continue;
    const rest = words.slice(noun.at + 1, at);
    if (!rest.every(({ tags }) => (tags & lefff.ADJECTIVE) !== 0)) continue;
    return { ...noun, determiner: determiner.lower, isPlural };
  }
  return undefined;
}

/** The subject that the sentence begins with, and where its phrase ends. */
export function subjectOf(
  words: readonly Word[],
): (Subject & { readonly end: number }) | undefined {
  const at = lists.OPENERS.has(words[0]?.lower ?? '') ? 1 : 0;
  const first = words[at];
  if (first === undefined || first.isInside) return undefined;
  if (lists.REPEATABLE.has(first.lower)) {
    return { again: first.lower, isPlural: first.lower.endsWith('s'), end: at + 1 };
  }
  const isPlural = isPluralDeterminer(first);
  if (isPlural !== undefined) {
    const noun = nounAfter(words, at);
    if (noun === undefined) return undefined;
    const pronoun = noun.isFeminine ? 'elle' : 'il';
    return { again: isPlural ? `${pronoun}s` : pronoun, isPlural, end: noun.at + 1 };
  }
  return nameAt(words, at);
}

const TITLES = new Set(['m', 'mme', 'mlle']);

function nameAt(
  words: readonly Word[],
  at: number,
): (Subject & { readonly end: number }) | undefined {
  const hasTitle = TITLES.has(words[at]?.lower ?? '');
  const name = words[hasTitle ? at + 1 : at];
  if (name === undefined || !/^\p{Lu}/u.test(name.raw)) return undefined;
  // At the head of a sentence every word has a capital: a name is what the lexicon does not know otherwise.
  if ((name.tags & ~lefff.NAME) !== 0) return undefined;
  const end = hasTitle ? at + 2 : at + 1;
  if (!agrees(words[skipClitics(words, end)], false)) return undefined;
  const title = hasTitle ? `${words[at]?.raw ?? ''}${name.gap} ` : '';
  return { again: `${title}${name.raw}`, isPlural: false, end };
}

/**
 * Places of the finite verbs of main clauses between two words. Each "que", "qui", "quand" … takes the next verb; after
 * it, a second verb without "et" or a comma is the main clause's ("l'homme qui parlait était vieux").
 */
export function mainVerbs(words: readonly Word[], from: number, to: number): number[] {
  return readClauses(words, from, to).verbs;
}

/** Whether a subordinate clause still waits for its verb: "…, tandis qu'un autre, tout pareil, | s'échappait". */
export function waitsForVerb(words: readonly Word[], from: number, to: number): boolean {
  return readClauses(words, from, to).waiting > 0;
}

function readClauses(
  words: readonly Word[],
  from: number,
  to: number,
): { readonly verbs: number[]; readonly waiting: number } {
  const verbs: number[] = [];
  let waiting = 0;
  let isInClause = false;
  let isJoined = false;
  for (let i = from; i < to; i++) {
    const word = words[i];
    if (word === undefined || word.isInside) continue;
    if (waiting === 0 && /[,;:]/u.test(word.gap)) isInClause = false;
    if (opensClause(words, i)) {
      waiting++;
      isJoined = false;
    } else if (word.lower === 'et' || word.lower === 'ou' || word.lower === 'mais') isJoined = true;
    else if (word.isFinite && !word.isInverted) {
      if (waiting > 0) {
        waiting--;
        isInClause = true;
      } else if (!isInClause || !isJoined) verbs.push(i);
      isJoined = false;
    }
  }
  return { verbs, waiting };
}

const COMPARED = /^(?:ainsi|autant|tels?|telles?|plus|moins|plutôt|mieux)$/u;
const LIKENED =
  /^(?:une?|des?|du|d'|les?|la|l'|si|pour|dans|à|par|avec|sur|ce|cet|cette|ces|son|sa|ses)$/u;

/** Comparisons have no verb ("plus que jamais", "comme un chat"), and "s'" opens a clause before "il" alone. */
function opensClause(words: readonly Word[], at: number): boolean {
  const lower = words[at]?.lower ?? '';
  if (!lists.SUBORDINATORS.has(lower)) return false;
  const next = words[at + 1]?.lower ?? '';
  if (lower === "s'") return /^ils?$/u.test(next);
  if (lower === 'comme') return !LIKENED.test(next);
  return !(/^qu[e']$/u.test(lower) && COMPARED.test(words[at - 1]?.lower ?? ''));
}

/** Whether the clause before `to` still belongs to a "que", "qui", "quand" … that began after the last comma. */
export function endsInSubordinate(words: readonly Word[], to: number): boolean {
  for (let i = to - 1; i >= 0; i--) {
    const word = words[i];
    if (word === undefined) return false;
    if (opensClause(words, i)) return true;
    if (/[,;:]/u.test(word.gap)) return false;
  }
  return false;
}
