/**
 * The offline description engine: rules and word lists, no model, no network. It finds passages whose
 * words describe; it does not know who is described, and takes a metaphor at its word.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type DescribeInput,
  type DescribeResult,
  type Description,
  type DescriptionEngine,
  type RejectedDescription,
  UnsupportedLanguageError,
} from '../description.ts';
import { CATEGORIES, compileLexicon, type Lexicon } from './lexicon.ts';
import { english } from './lexicons/en.ts';
import { french } from './lexicons/fr.ts';
import { russian } from './lexicons/ru.ts';
import { ukrainian } from './lexicons/uk.ts';
import { emptyCounts, kindOf, scoreSentence, type SentenceScore } from './score.ts';
import { paragraphs, sentences, type Span } from './tokens.ts';

const ID = 'offline-rules';
/** Rises whenever the same text may give another answer. */
const VERSION = '1';

const SOURCES = [english, french, russian, ukrainian];

/** A passage below this score is no description: a chapter may have none. */
const LEAST_SCORE = 4.5;
const LONGEST_PASSAGE = 900;
const OPENS_PASSAGE = 1.2;
const CONTINUES_PASSAGE = 0.9;
const EVIDENCE_LIMIT = 12;
const REJECTS_LIMIT = 20;
/** Without a limit from the caller: at least this many, and one more for every so many words. */
const LEAST_LIMIT = 10;
const WORDS_PER_DESCRIPTION = 500;
/** How long one turn of the event loop may last before others get theirs. */
const TURN_MS = 15;

const DASH = /^[-–—]/u;
/** What ends a quotation that these marks open. */
const CLOSING: Readonly<Record<string, string>> = {
  '«': '»',
  '“': '”',
  '„': '“',
  '‘': '’',
  '"': '"',
};

interface Sentence extends Span {
  readonly score: SentenceScore;
}

interface Passage extends Span {
  readonly score: number;
  readonly sentences: readonly Sentence[];
}

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

async function findPassages(
  input: DescribeInput,
  lexicon: Lexicon,
  report: (fraction: number) => void = () => undefined,
): Promise<{ passages: Passage[]; words: number }> {
  const { text, signal } = input;
  const passages: Passage[] = [];
  let words = 0;
  let turnBegan = performance.now();
  signal?.throwIfAborted();
  for (const paragraph of paragraphs(text)) {
    const opening = speechOpening(text, paragraph);
    const scored: Sentence[] = [];
    for (const span of sentences(text, paragraph, lexicon.abbreviations)) {
      const isFirst = span.start === paragraph.start;
      // The mark that repeats before each paragraph of a long tale opens no speech of its own.
      const from = isFirst && opening === 'tale' ? span.start + 1 : span.start;
      const sentence = text.slice(from, span.end);
      const score = scoreSentence(sentence, lexicon, opening === 'speech');
      words += score.words;
      scored.push({ ...span, score });
      if (performance.now() - turnBegan > TURN_MS) {
        report(span.end / text.length);
        await nextTurn();
        signal?.throwIfAborted();
        turnBegan = performance.now();
      }
    }
    collectPassages(scored, passages);
  }
  report(1);
  return { passages, words };
}

/**
 * How a paragraph opens: as dialogue, or as one paragraph of a tale somebody tells at length (each of
 * its paragraphs opens with a mark, and only the last one closes it), or as neither.
 */
function speechOpening(text: string, paragraph: Span): 'speech' | 'tale' | 'none' {
  const first = text.charAt(paragraph.start);
  if (DASH.test(first)) return 'speech';
  const closing = CLOSING[first];
  if (closing === undefined) return 'none';
  return text.slice(paragraph.start + 1, paragraph.end).includes(closing) ? 'speech' : 'tale';
}

/** Joins neighbouring descriptive sentences of one paragraph into passages. */
function collectPassages(paragraph: readonly Sentence[], into: Passage[]): void {
  let index = 0;
  while (index < paragraph.length) {
    const run = paragraph.slice(index, index + passageLength(paragraph, index));
    const [first] = run;
    const last = run.at(-1);
    if (first !== undefined && last !== undefined) {
      into.push({ start: first.start, end: last.end, score: scoreOf(run), sentences: run });
    }
    index += Math.max(1, run.length);
  }
}

/** How many sentences the passage that opens at `first` has; one weak one may stand between two good ones. */
function passageLength(paragraph: readonly Sentence[], first: number): number {
  const start = paragraph[first]?.start ?? 0;
  const valueAt = (index: number): number => {
    const sentence = paragraph[index];
    const fits = sentence !== undefined && sentence.end - start <= LONGEST_PASSAGE;
    return fits ? sentence.score.value : -Infinity;
  };
  if ((paragraph[first]?.score.value ?? -Infinity) < OPENS_PASSAGE) return 0;
  let next = first + 1;
  while (
    valueAt(next) >= CONTINUES_PASSAGE ||
    (valueAt(next) > 0 && valueAt(next + 1) >= OPENS_PASSAGE)
  ) {
    next++;
  }
  return next - first;
}

/** Mean of the sentences weighted by length; a longer passage is worth more, but slowly. */
function scoreOf(run: readonly Sentence[]): number {
  let words = 0;
  let sum = 0;
  for (const { score } of run) {
    words += score.words;
    sum += score.value * score.words;
  }
  return (sum / words) * Math.log2(2 + Math.min(words, 160) / 12);
}

function select(input: DescribeInput, passages: Passage[], words: number): DescribeResult {
  const limit =
    input.maxDescriptions ?? Math.max(LEAST_LIMIT, Math.ceil(words / WORDS_PER_DESCRIPTION));
  const ranked = passages.sort((a, b) => b.score - a.score || a.start - b.start);
  const good = ranked.filter((passage) => passage.score >= LEAST_SCORE).length;
  const chosen = Math.min(good, limit);
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
  const counts = emptyCounts();
  const evidence = new Set<string>();
  for (const { score } of passage.sentences) {
    for (const category of CATEGORIES) counts[category] += score.counts[category];
    for (const word of score.evidence) evidence.add(word);
  }
  return {
    kind: kindOf(counts),
    quote: text.slice(passage.start, passage.end),
    start: passage.start,
    end: passage.end,
    confidence: confidenceOf(passage.score),
    evidence: [...evidence].slice(0, EVIDENCE_LIMIT),
  };
}

function confidenceOf(score: number): number {
  return Math.round((1 - Math.exp(-score / 4)) * 100) / 100;
}
