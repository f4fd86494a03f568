/**
 * The offline shortener: rules, no model, no network. It cuts a sentence where that is safe and says so where it is
 * not; it cannot rewrite.
 *
 * Always true: each id comes out once and in order; a `split` sentence is within the limit; no word is lost but the
 * conjunctions "et", "and", "и" and the relatives "qui", "où" at a cut, no word is added but the subject that is
 * repeated, and no word changes but a present participle into the imperfect; the same request has the same answer.
 */

import { setImmediate } from 'node:timers/promises';
import { languageOf } from '../../sentences/languages.ts';
import { countWords } from '../count-words.ts';
import type { ShortenedSentence, Shortener, ShortenHooks, ShortenRequest } from '../types.ts';
import { type Cut, splitSentence } from './cuts.ts';
import { englishCuts } from './english-cuts.ts';
import { frenchCuts } from './french-cuts.ts';
import { loadLefff } from './lefff.ts';
import { russianCuts } from './russian-cuts.ts';
import { senseGroups } from './sense-groups.ts';

type FindCuts = (sentence: string) => readonly Cut[];

/** Rises, by language, whenever the same sentence may give another answer. */
const VERSION = '1';

const RULES: Readonly<Record<string, () => FindCuts | Promise<FindCuts>>> = {
  fr: async () => frenchCuts(await loadLefff()),
  en: () => englishCuts,
  ru: () => russianCuts,
};

/** How many sentences are cut in one turn: a few milliseconds of work. */
const TURN = 50;

/**
 * The shortener that goes by rules, for the language of a text: French has most rules, English and Russian a few safe
 * ones, all others none, so that their sentences are `kept` or `over_limit`.
 *
 * The language of each request decides about the rules.
 *
 * @param language BCP-47 tag, for the name alone: "offline-rules-fr/1", or "offline-rules/1" without it
 */
export function offlineShortener(language?: string): Shortener {
  const suffix = language === undefined ? '' : `-${languageOf(language)}`;
  return {
    name: `offline-rules${suffix}/${VERSION}`,
    isOffline: true,
    shorten,
  };
}

async function shorten(request: ShortenRequest, { signal, report }: ShortenHooks) {
  check(request);
  const language = languageOf(request.language);
  const findCuts = await RULES[language]?.();
  const items: ShortenedSentence[] = [];
  for (const [index, { id, text }] of request.sentences.entries()) {
    if (index % TURN === 0) {
      await setImmediate();
      signal?.throwIfAborted();
      report?.(index / request.sentences.length);
    }
    items.push({ id, ...shortenSentence(text, request.maxWords, language, findCuts) });
  }
  report?.(1);
  return { items, calls: 0, tokens: 0, costUsd: 0 };
}

function check({ maxWords, sentences }: ShortenRequest): void {
  if (!Number.isInteger(maxWords) || maxWords < 1) {
    throw new RangeError(`maxWords is ${maxWords}; give a whole number of words, 1 or more.`);
  }
  const ids = new Set<string>();
  for (const { id } of sentences) {
    if (ids.has(id))
      throw new RangeError(`The id "${id}" occurs twice; give each sentence its own.`);
    ids.add(id);
  }
}

function shortenSentence(
  text: string,
  maxWords: number,
  language: string,
  findCuts: FindCuts | undefined,
): Omit<ShortenedSentence, 'id'> {
  const isWithin = (sentence: string) => countWords(sentence) <= maxWords;
  if (isWithin(text)) return { label: isComplete(text) ? 'kept' : 'fragment', sentences: [text] };
  const none = { sentences: [text], rules: [] };
  const { sentences, rules } =
    findCuts === undefined ? none : splitSentence(text, maxWords, findCuts);
  const changed = rules.length > 0 ? { rules } : {};
  if (sentences.every(isWithin)) return { label: 'split', sentences, ...changed };
  const groups = sentences.flatMap((sentence) =>
    isWithin(sentence) ? [sentence] : senseGroups(sentence, maxWords, language),
  );
  const notes = findCuts === undefined ? { notes: [`no offline rules for "${language}"`] } : {};
  return { label: 'over_limit', sentences, ...changed, groups, ...notes };
}

/** Ends as a sentence does: a full stop or the like, also before a closing mark. */
const isComplete = (text: string): boolean => /[.!?…:。！？](?:\s?[»”’“"')\]—–-])*\s*$/u.test(text);
