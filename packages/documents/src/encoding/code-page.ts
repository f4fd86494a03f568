/** What a byte means in a code page, for scoring. */
export interface CodePage {
  /** OTHER, CYRILLIC, LATIN, ACCENTED or UNLIKELY, by byte. */
  kind: Uint8Array;
  /** 1 for lower-case letters. */
  isLower: Uint8Array;
  /** For Russian letters 1 (the most frequent) down to 0; -1 for other Cyrillic ones. */
  frequency: Float64Array;
}

export const OTHER = 0;
export const CYRILLIC = 1;
export const LATIN = 2;
export const ACCENTED = 3;
export const UNLIKELY = 4;

/** Russian letters by frequency: it tells code pages apart that permute the alphabet. */
const FREQUENT = 'оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё';

/** C1 controls, box drawing, mathematical and currency signs: rare in prose. */
const RARE = /[\u0080-\u009f\u2500-\u259f\u2200-\u22ff\u00a4\u00a6\u00ac\u00b5\u00b8\ufffd]/;

const known = new Map<string, CodePage>();

/** The table of a single-byte encoding; made once. */
export function codePageOf(encoding: string): CodePage {
  const page = known.get(encoding) ?? makeCodePage(encoding);
  known.set(encoding, page);
  return page;
}

function makeCodePage(encoding: string): CodePage {
  const decoder = new TextDecoder(encoding);
  const page: CodePage = {
    kind: new Uint8Array(256),
    isLower: new Uint8Array(256),
    frequency: new Float64Array(256),
  };
  for (let byte = 0; byte < 256; byte += 1) {
    const character = decoder.decode(Uint8Array.of(byte));
    const kind = kindOf(character);
    const isLetter = kind === CYRILLIC || kind === LATIN || kind === ACCENTED;
    const rank = FREQUENT.indexOf(character);
    page.kind[byte] = kind;
    page.isLower[byte] = isLetter && character === character.toLowerCase() ? 1 : 0;
    page.frequency[byte] = rank < 0 ? -1 : 1 - rank / FREQUENT.length;
  }
  return page;
}

function kindOf(character: string): number {
  if (/^\p{sc=Cyrillic}$/u.test(character)) return CYRILLIC;
  if (/^[a-z]$/i.test(character)) return LATIN;
  if (character > '\u007f' && /^\p{L}$/u.test(character)) return ACCENTED;
  return RARE.test(character) ? UNLIKELY : OTHER;
}
