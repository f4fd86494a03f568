/**
 * Accents that stand for themselves, as fonts of TeX without accented letters (OT1) have them, and their combining forms. Such a
 * file draws "é" as "´" and then "e" below it.
 */
const COMBINING: ReadonlyMap<number, string> = new Map([
  [0x60, '\u0300'], // grave
  [0x2cb, '\u0300'],
  [0xb4, '\u0301'], // acute
  [0x2ca, '\u0301'],
  [0x2c6, '\u0302'], // circumflex
  [0x5e, '\u0302'],
  [0x2dc, '\u0303'], // tilde
  [0x7e, '\u0303'],
  [0xaf, '\u0304'], // macron
  [0x2d8, '\u0306'], // breve
  [0x2d9, '\u0307'], // dot above
  [0xa8, '\u0308'], // diaeresis
  [0x2da, '\u030a'], // ring
  [0x2dd, '\u030b'], // double acute
  [0x2c7, '\u030c'], // caron
  [0xb8, '\u0327'], // cedilla
  [0x2db, '\u0328'], // ogonek
]);

const DOTLESS: ReadonlyMap<string, string> = new Map([
  ['ı', 'i'],
  ['ȷ', 'j'],
]);

export function isAccent(code: number): boolean {
  return COMBINING.has(code);
}

/** The accented letter as one character, or null where there is none: "´" and "e" are "é", "´" and "q" nothing. */
export function composeAccent(accent: number, letter: string): string | null {
  const mark = COMBINING.get(accent);
  if (mark === undefined || !/^\p{L}$/u.test(letter)) return null;
  const composed = `${DOTLESS.get(letter) ?? letter}${mark}`.normalize('NFC');
  return composed.length === 1 ? composed : null;
}
