/** From scored sentences to passages: neighbours of one paragraph that describe together. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DescribeInput } from '../description.ts';
import type { Lexicon } from './lexicon.ts';
import { scoreSentence, type SentenceScore } from './score.ts';
import { paragraphs, sentences, type Span } from './tokens.ts';

/** Longest passage, in UTF-16 code units, unless a single sentence is longer. */
const LONGEST_PASSAGE = 900;
/** Scores of a sentence (`scoreSentence`) at which a passage begins and goes on. */
const OPENS_PASSAGE = 1.2;
const CONTINUES_PASSAGE = 0.9;
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

export interface Passage extends Span {
  readonly score: number;
  readonly sentences: readonly Sentence[];
}

/**
 * Every passage of a text that might be a description, in order, with the number of words read. Gives
 * the event loop a turn every few milliseconds, and looks at the signal then.
 */
export async function findPassages(
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
  return (sum / words) * Math.log2(1 + Math.min(words, 160) / 12);
}
