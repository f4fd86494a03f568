/**
 * Text as grounding compares it: without case, accents, typography, or the layout of lines. A model
 * that quotes a passage changes these first; the words stay.
 */

export interface Normalised {
  readonly out: string;
  /** `map[i]` is the source offset of `out[i]` (UTF-16); `map[out.length]` is the source's length. */
  readonly map: Uint32Array;
}

const REPLACEMENTS = new Map<string, string>();
for (const [characters, replacement] of [
  ['“”„‟«»‹›〝〞＂', '"'],
  ['‘’‚‛ʼʹ′´`', "'"],
  ['‐‑‒–—―−⁃', '-'],
  ['…', '...'],
  ['ё', 'е'],
  ['œ', 'oe'],
  ['æ', 'ae'],
  // Soft hyphen, zero-width space and (non-)joiners, word joiner, byte order mark.
  ['\u00ad\u200b\u200c\u200d\u2060\ufeff', ''],
] as const) {
  for (const character of characters) REPLACEMENTS.set(character, replacement);
}

const SPACE = /^\s+$/u;
const SPACES = /\s+/gu;
/** Combining accents, except the breve: it makes "й" of "и", another letter and not an accent. */
const ACCENTS = /[\u0300-\u0305\u0307-\u036f]/gu;

/** What composes with the character before it: combining marks, and the vowels and finals of Hangul. */
const JOINING = /[\p{M}\u1160-\u11ff]/u;

/** Most of a text is below U+0300, and a test of each character beyond by expression would cost more. */
const joining = new Map<number, boolean>();

function joins(point: number): boolean {
  if (point < 0x300) return false;
  let isJoining = joining.get(point);
  if (isJoining === undefined) {
    isJoining = JOINING.test(String.fromCodePoint(point));
    joining.set(point, isJoining);
  }
  return isJoining;
}

/** Folds one character with the accents that follow it, composed or not: the result is the same. */
function fold(cluster: string): string {
  const direct = REPLACEMENTS.get(cluster);
  if (direct !== undefined) return direct;
  // Accents first: what is left may itself be replaced, as the "æ" of "ǣ".
  const bare = cluster.normalize('NFKD').toLowerCase().normalize('NFD').replace(ACCENTS, '');
  let folded = '';
  for (const character of bare.normalize('NFC')) {
    folded += REPLACEMENTS.get(character) ?? character;
  }
  if (SPACE.test(folded)) return ' ';
  // Some isolated marks (U+FC5E) decompose into a space and the mark: a carrier, not a space of the text.
  return folded.replace(SPACES, '').normalize('NFC');
}

/** Most of a text is single code units: each is folded once in the life of the process. */
const foldedUnits: (string | undefined)[] = [];

function foldUnit(unit: number): string {
  let folded = foldedUnits[unit];
  if (folded === undefined) {
    folded = fold(String.fromCharCode(unit));
    foldedUnits[unit] = folded;
  }
  return folded;
}

/** Normalises `text` in one pass; white space becomes single spaces and none at either end. */
export function normalise(text: string): Normalised {
  const target = new Target(text.length + 16);
  let needsSpace = false;
  let spaceAt = 0;
  for (let index = 0; index < text.length;) {
    const next = endOfCharacter(text, index);
    const isUnit = next === index + 1;
    const folded = isUnit ? foldUnit(text.charCodeAt(index)) : fold(text.slice(index, next));
    if (folded === ' ') {
      if (!needsSpace) spaceAt = index;
      needsSpace = true;
    } else if (folded !== '') {
      if (needsSpace && target.length > 0) target.push(' ', spaceAt);
      needsSpace = false;
      target.push(folded, index);
    }
    index = next;
  }
  return target.finish(text.length);
}

/** Where the character at `index` ends, with all that composes with it. */
function endOfCharacter(text: string, index: number): number {
  let end = index;
  let point = text.codePointAt(index) ?? 0;
  do {
    end += point > 0xffff ? 2 : 1;
    point = text.codePointAt(end) ?? 0;
  } while (joins(point));
  return end;
}

/** A growing string with the source offset of each of its units. */
class Target {
  length = 0;
  #units: Uint16Array;
  #map: Uint32Array;

  constructor(capacity: number) {
    this.#units = new Uint16Array(capacity);
    this.#map = new Uint32Array(capacity + 1);
  }

  push(folded: string, source: number): void {
    if (this.length + folded.length > this.#units.length) this.#grow(folded.length);
    for (let index = 0; index < folded.length; index++) {
      this.#units[this.length] = folded.charCodeAt(index);
      this.#map[this.length++] = source;
    }
  }

  finish(sourceLength: number): Normalised {
    this.#map[this.length] = sourceLength;
    const out = new TextDecoder('utf-16le').decode(this.#units.subarray(0, this.length));
    return { out, map: this.#map.slice(0, this.length + 1) };
  }

  #grow(by: number): void {
    const capacity = 2 * (this.#units.length + by);
    const units = new Uint16Array(capacity);
    const map = new Uint32Array(capacity + 1);
    units.set(this.#units);
    map.set(this.#map);
    this.#units = units;
    this.#map = map;
  }
}
