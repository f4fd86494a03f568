import { ACCENTED, codePageOf, CYRILLIC, LATIN, OTHER, UNLIKELY } from './code-page.ts';
import type { CodePage } from './code-page.ts';

const SAMPLE_BYTES = 64 * 1024;

const SINGLE_BYTE = [
  'windows-1251',
  'koi8-r',
  'ibm866',
  'iso-8859-5',
  'x-mac-cyrillic',
  'windows-1252',
  'macintosh',
] as const;

/**
 * Guesses the encoding of bytes that are not valid UTF-8 or look like UTF-16. Each single-byte code
 * page is scored by how much the sample, decoded with it, looks like Russian or a western language.
 * A declared encoding is overruled only when another one scores clearly better.
 */
export function detectEncoding(bytes: Uint8Array, declared?: string): string {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const wide = detectUtf16(sample);
  if (wide) return wide;
  if (isMostlyUtf8(sample)) return 'utf-8';
  const scores = SINGLE_BYTE.map((encoding) => ({
    encoding: encoding as string,
    score: scoreSample(sample, codePageOf(encoding)),
  }));
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
  if (declared === undefined) return best.encoding;
  const own = scores.find(({ encoding }) => encoding === declared);
  // Code pages that are not scored (Greek, Polish…) must not be overruled by noise.
  return !own || best.score <= 0 || own.score >= best.score * 0.7 ? declared : best.encoding;
}

/** One column of bytes holds mostly 0x00 (Latin) or 0x04 (Cyrillic). */
function detectUtf16(sample: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const pairs = Math.floor(sample.length / 2);
  if (pairs < 2) return null;
  let even = 0;
  let odd = 0;
  for (let i = 0; i + 1 < sample.length; i += 2) {
    if (sample[i] === 0 || sample[i] === 4) even += 1;
    if (sample[i + 1] === 0 || sample[i + 1] === 4) odd += 1;
  }
  if (odd >= pairs * 0.3 && odd > even) return 'utf-16le';
  return even >= pairs * 0.3 ? 'utf-16be' : null;
}

/** UTF-8 with a few damaged bytes: a cut file, or one pasted together from two. */
function isMostlyUtf8(sample: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(sample);
  let replaced = 0;
  let wide = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0xfffd) replaced += 1;
    else if (code > 0x7f) wide += 1;
  }
  return wide > 0 && replaced <= 1 + wide * 0.02;
}

function scoreSample(sample: Uint8Array, page: CodePage): number {
  let score = 0;
  let before = 0;
  let wasLower = false;
  for (const byte of sample) {
    const kind = page.kind[byte] ?? OTHER;
    const isLower = page.isLower[byte] === 1;
    if (kind === CYRILLIC) {
      if (isLower) score += 1 + (page.frequency[byte] ?? 0);
      else if (wasLower) score -= 3;
      if (before === LATIN || before === ACCENTED) score -= 2;
    } else if (kind === LATIN || kind === ACCENTED) {
      if (before === CYRILLIC) score -= 2;
      if (kind === ACCENTED && before === LATIN) score += isLower ? 1.6 : -1;
      if (kind === ACCENTED && before === ACCENTED) score -= 1;
      if (kind === ACCENTED && !isLower && wasLower) score -= 3;
    } else if (kind === UNLIKELY) score -= 3;
    before = kind;
    wasLower = isLower;
  }
  return score;
}
