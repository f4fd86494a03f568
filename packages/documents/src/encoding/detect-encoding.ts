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

/** Letters of Russian by frequency; the rank separates code pages that permute the alphabet. */
const FREQUENT = 'оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё';

/**
 * Guesses the encoding of bytes that are not valid UTF-8 or look like UTF-16. Each single-byte code
 * page is scored by how much the sample, decoded with it, looks like Russian or a western language.
 * `declared` wins a tie, and wins as well when its score is close to the best one.
 */
export function detectEncoding(bytes: Uint8Array, declared?: string): string {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const wide = detectUtf16(sample);
  if (wide) return wide;
  if (isMostlyUtf8(sample)) return 'utf-8';
  let best: { encoding: string; score: number } | null = null;
  let declaredScore = -Infinity;
  for (const encoding of new Set(
    declared === undefined ? SINGLE_BYTE : [declared, ...SINGLE_BYTE],
  )) {
    const score = scoreText(new TextDecoder(encoding).decode(sample));
    if (encoding === declared) declaredScore = score;
    if (!best || score > best.score) best = { encoding, score };
  }
  if (!best) return 'windows-1252';
  if (declared === undefined) return best.encoding;
  // Code pages this list does not score (Greek, Polish…) must not be overruled by noise.
  const isKnown = (SINGLE_BYTE as readonly string[]).includes(declared);
  const isClose = declaredScore >= best.score * 0.7;
  return !isKnown || isClose || best.score <= 0 ? declared : best.encoding;
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
  if (even >= pairs * 0.3) return 'utf-16be';
  return null;
}

/** UTF-8 with a few damaged bytes: a cut file, or one pasted together from two. */
function isMostlyUtf8(sample: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(sample);
  let replaced = 0;
  let wide = 0;
  for (const character of text) {
    if (character === '\ufffd') replaced += 1;
    else if (character > '\u007f') wide += 1;
  }
  return wide > 0 && replaced <= 1 + wide * 0.02;
}

const CYRILLIC = 1;
const LATIN = 2;
const ACCENTED = 3;

function scoreText(text: string): number {
  let score = 0;
  let before = 0;
  let beforeIsLower = false;
  for (const character of text) {
    const kind = kindOf(character);
    const isLower = kind !== 0 && character === character.toLowerCase();
    if (kind === CYRILLIC) {
      if (isLower) score += 1 + frequencyOf(character);
      else if (beforeIsLower) score -= 3;
      if (before === LATIN || before === ACCENTED) score -= 2;
    } else if (kind === LATIN || kind === ACCENTED) {
      if (before === CYRILLIC) score -= 2;
      if (kind === ACCENTED && before === LATIN) score += isLower ? 1.6 : -1;
      if (kind === ACCENTED && before === ACCENTED) score -= 1;
      if (kind === ACCENTED && !isLower && beforeIsLower) score -= 3;
    } else if (isUnlikely(character)) score -= 3;
    before = kind;
    beforeIsLower = isLower;
  }
  return score;
}

function kindOf(character: string): number {
  if (/^[\u0400-\u04ff]$/.test(character)) return CYRILLIC;
  if (/^[a-z]$/i.test(character)) return LATIN;
  return character > '\u007f' && /^\p{L}$/u.test(character) ? ACCENTED : 0;
}

function frequencyOf(letter: string): number {
  const rank = FREQUENT.indexOf(letter);
  return rank < 0 ? -1 : 1 - rank / FREQUENT.length;
}

/** Box drawing, C1 controls, currency and mathematical signs: rare in prose. */
function isUnlikely(character: string): boolean {
  return /^[\u0080-\u009f\u2500-\u259f\u00a4\u00a6\u00ac\u00b5\u00b8\u2200-\u22ff\ufffd]$/.test(
    character,
  );
}
