/**
 * The offline description engine: rules and word lists, no model, no network. It finds passages whose
 * words describe; it does not know who is described, takes a metaphor at its word, and does worse the
 * more a book is dialogue.
 *
 * Judged by eye on 23 chapters it was not tuned on, of the best ten passages or fewer a chapter: 43 of
 * 50 English, 23 of 27 French and 18 of 21 Russian ones are descriptions, and 38, 21 and 14 of those
 * have the right kind. Ukrainian has not been measured.
 */

import {
  type DescribeInput,
  type DescribeResult,
  type Description,
  type DescriptionEngine,
  type RejectedDescription,
  UnsupportedLanguageError,
} from '../description.ts';
import { compileLexicon } from './lexicon.ts';
import { english } from './lexicons/en.ts';
import { french } from './lexicons/fr.ts';
import { russian } from './lexicons/ru.ts';
import { ukrainian } from './lexicons/uk.ts';
import { findPassages, type Passage } from './passages.ts';
import { kindOf } from './score.ts';

const ID = 'offline-rules';
/** Rises whenever the same text may give another answer. */
const VERSION = '1';

const SOURCES = [english, french, russian, ukrainian];

/** A passage below this score is no description: a chapter may have none. */
const LEAST_SCORE = 4.2;
const EVIDENCE_LIMIT = 12;
const REJECTS_LIMIT = 20;
/** Without a limit from the caller: at least this many, and one more for every so many words. */
const LEAST_LIMIT = 10;
const WORDS_PER_DESCRIPTION = 500;

/** Creates the engine. Word lists are compiled here, once, not per call. */
export function offlineEngine(): DescriptionEngine {
  const lexicons = new Map(
    SOURCES.map((source) => [source.language, compileLexicon(source)] as const),
  );
  return {
    id: ID,
    version: VERSION,
    languages: SOURCES.map(({ language, support }) => ({ language, support })),
    async describe(input, report) {
      const lexicon = lexicons.get(languageOf(input.language));
      if (lexicon === undefined) {
        throw new UnsupportedLanguageError(input.language, [...lexicons.keys()]);
      }
      const { passages, words } = await findPassages(input, lexicon, report);
      return select(input, passages, words);
    },
  };
}

/** "en-GB", "eng" and "EN" are "en"; what is no tag at all is returned as it is. */
function languageOf(tag: string): string {
  try {
    return new Intl.Locale(tag.replaceAll('_', '-')).language;
  } catch (error) {
    if (error instanceof RangeError) return tag;
    throw error;
  }
}

function select(input: DescribeInput, passages: Passage[], words: number): DescribeResult {
  const limit =
    input.maxDescriptions ?? Math.max(LEAST_LIMIT, Math.ceil(words / WORDS_PER_DESCRIPTION));
  const ranked = passages.sort((a, b) => b.score - a.score || a.start - b.start);
  const good = ranked.filter((passage) => passage.score >= LEAST_SCORE).length;
  const chosen = Math.max(0, Math.min(good, limit));
  const rejects = ranked
    .slice(chosen, chosen + REJECTS_LIMIT)
    .map((passage): RejectedDescription => ({
      quote: input.text.slice(passage.start, passage.end),
      reason: passage.score < LEAST_SCORE ? 'below_threshold' : 'beyond_limit',
      score: passage.score,
    }));
  return {
    engine: `${ID}/${VERSION}`,
    descriptions: ranked
      .slice(0, chosen)
      .sort((a, b) => a.start - b.start)
      .map((passage) => describePassage(input.text, passage)),
    rejects,
    usage: { calls: 0, inputTokens: 0, outputTokens: 0 },
  };
}

function describePassage(text: string, passage: Passage): Description {
  const scores = passage.sentences.map((sentence) => sentence.score);
  const evidence = new Set(scores.flatMap((score) => score.evidence));
  return {
    kind: kindOf(scores.map((score) => score.counts)),
    quote: text.slice(passage.start, passage.end),
    start: passage.start,
    end: passage.end,
    confidence: confidenceOf(passage.score),
    evidence: [...evidence].slice(0, EVIDENCE_LIMIT),
  };
}

/** Near the least score three of four passages are descriptions, at twice that nearly all (by eye). */
function confidenceOf(score: number): number {
  return Math.round((1 - Math.exp(-score / 3.2)) * 100) / 100;
}
