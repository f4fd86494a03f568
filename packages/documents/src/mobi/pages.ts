import { decodeDeclared, warnOfRepair } from '../encoding/decode-text.ts';
import { refuseTooMany } from '../finish-chapters.ts';
import type { Limits } from '../limits.ts';
import { tooComplex } from '../markup/parse-markup.ts';
import type { WarningSink } from '../warnings.ts';

/** What stands between two page breaks: the files of an EPUB, so to say. */
export interface MobiPage {
  path: string;
  html: string;
}

export interface Pages {
  list: MobiPage[];
  /** As the Encoding Standard names it: the text may contradict the header. */
  encoding: string;
  /** The page that byte `filepos` of the text is on, if a link leads there. */
  pathOf: (filepos: number) => string | null;
}

// All repetitions are bounded: over megabytes one would overflow the stack of the engine.
const BREAKS = /(?:<mbp:pagebreak[^<>]{0,200}>\s{0,9}(?:<\/mbp:pagebreak>\s{0,9})?){1,20}/gi;
const BREAKS_HERE = new RegExp(BREAKS.source, 'iy');
const FILEPOS = /\bfilepos\s{0,9}=\s{0,9}["']?(\d{1,10})/gi;
const ANCHOR = /<a id="filepos(\d+)"><\/a>/g;

/** The identifier that a place in the text is given. */
export function anchorName(filepos: number): string {
  return `filepos${filepos}`;
}

/** The number in a `filepos` attribute, or null. */
export function parseFilepos(value: string | undefined): number | null {
  const digits = /^\d{1,10}/.exec(value ?? '')?.[0];
  return digits === undefined ? null : Number(digits);
}

/**
 * Names the places that links lead to, decodes the text and cuts it at its page breaks.
 * Throws DocumentError `document.too_complex` and `document.too_many_chapters`.
 */
export function cutPages(text: Buffer, declared: string, limits: Limits, warn: WarningSink): Pages {
  const marked = Buffer.from(withAnchors(text.toString('latin1'), limits), 'latin1');
  const decoded = decodeDeclared(marked, declared);
  warnOfRepair(warn, decoded.repair, 'The text');
  const stretches = decoded.text.split(BREAKS).filter((html) => html.trim() !== '');
  refuseTooMany(stretches.length, limits);
  const list = stretches.map((html, i) => ({ path: `page-${i + 1}`, html }));
  const paths = new Map<number, string>();
  for (const { path, html } of list) {
    for (const [, filepos] of html.matchAll(ANCHOR)) paths.set(Number(filepos), path);
  }
  return { list, encoding: decoded.encoding, pathOf: (filepos) => paths.get(filepos) ?? null };
}

/**
 * An anchor at each byte that a link leads to; before decoding, since links count bytes. It goes before
 * the next tag, which is where links point to (inside of a tag it would be lost), or behind page breaks.
 */
function withAnchors(source: string, limits: Limits): string {
  const found = new Set<number>();
  for (const [, filepos] of source.matchAll(FILEPOS)) {
    found.add(Number(filepos));
    if (found.size > limits.elements) throw tooComplex(limits.elements);
  }
  const parts: string[] = [];
  let written = 0;
  let at = -1;
  for (const filepos of [...found].sort((a, b) => a - b)) {
    // Also what keeps this linear: a run of page breaks is passed once.
    if (filepos > at) at = placeAfter(source, filepos);
    if (at < 0) break;
    parts.push(source.slice(written, at), `<a id="${anchorName(filepos)}"></a>`);
    written = at;
  }
  return parts.join('') + source.slice(written);
}

/** -1 when there is no tag any more. */
function placeAfter(source: string, filepos: number): number {
  const tag = source.indexOf('<', filepos);
  if (tag < 0) return -1;
  BREAKS_HERE.lastIndex = tag;
  return BREAKS_HERE.test(source) ? BREAKS_HERE.lastIndex : tag;
}
