/** A chapter as a model reads it: numbered paragraphs, in windows that are never cut inside one. */

import { paragraphs, type Span } from '../offline/tokens.ts';

export interface Paragraph extends Span {
  /** 1 for the chapter's first, whatever window it is in. */
  readonly number: number;
  readonly text: string;
  readonly words: number;
}

interface Weighed {
  readonly words: number;
}

/** Paragraphs for one call, in order; those of a second reading need not be neighbours. */
export type Window = readonly Paragraph[];

/** A longer text is read in several windows of equal length, so of 2,000 to 4,000 words. */
const LONGEST_WINDOW_WORDS = 4000;
/** Where words are not set apart by spaces, so many characters count as one. */
const LONGEST_WORD = 8;

export function numberParagraphs(text: string): Paragraph[] {
  return Array.from(paragraphs(text), (span, index) => {
    const own = text.slice(span.start, span.end);
    return { ...span, number: index + 1, text: own, words: countWords(own) };
  });
}

function countWords(text: string): number {
  return Math.max(text.match(/\S+/gu)?.length ?? 0, Math.ceil(text.length / LONGEST_WORD));
}

export function wordsOf(window: readonly Weighed[]): number {
  return window.reduce((sum, { words }) => sum + words, 0);
}

/** Windows of about equal length; a paragraph belongs where its middle is. */
export function cutIntoWindows(all: Window): Window[] {
  const count = Math.ceil(wordsOf(all) / LONGEST_WINDOW_WORDS);
  return cutEvenly(all, count);
}

/** Both halves, or nothing if there is only one paragraph. */
export function halve<T extends Weighed>(window: readonly T[]): (readonly T[])[] | undefined {
  const [first, ...rest] = window;
  if (first === undefined || rest.length === 0) return undefined;
  const halves = cutEvenly(window, 2);
  // One paragraph may outweigh all others.
  return halves.length === 2 ? halves : [[first], rest];
}

/** At most `count` parts of about equal length, none empty. */
export function cutEvenly<T extends Weighed>(all: readonly T[], count: number): T[][] {
  const total = wordsOf(all);
  const windows: T[][] = Array.from({ length: count }, () => []);
  let read = 0;
  for (const paragraph of all) {
    const middle = read + paragraph.words / 2;
    windows[Math.floor((middle / total) * count)]?.push(paragraph);
    read += paragraph.words;
  }
  return windows.filter((window) => window.length > 0);
}
