import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { eld } from 'eld/medium';

/** Fewer letters than this say too little: of snippets of 40 characters 3 % are judged wrongly (150: 2 %, 800: none). */
const LEAST_LETTERS = 20;
/** The detector reads no more than this at once. */
const WINDOW = 1000;

type Detector = Pick<typeof eld, 'detect'>;

let loaded: Detector | undefined;

/** Loaded at first use: it takes some 100 ms, and most processes never ask. */
function detector(): Detector {
  if (loaded === undefined) {
    // The package names an entry for `import` only, and the answer is needed at once.
    const file = fileURLToPath(import.meta.resolve('eld/medium'));
    const entry: { readonly eld: Detector } = createRequire(import.meta.url)(file);
    loaded = entry.eld;
  }
  return loaded;
}

/**
 * The language of a text as ISO 639-1, or `null` if the text is too short or the detector (eld) is not sure. A long
 * text is judged at three places, two of which must agree, as its first pages may hold a licence in another language.
 */
export function detectLanguage(text: string): string | null {
  const last = text.length - WINDOW;
  const starts = last < 2 * WINDOW ? [0] : [last * 0.2, last * 0.5, last * 0.8].map(Math.floor);
  const votes = starts
    .map((start) => detectWindow(text.slice(start, start + WINDOW)))
    .filter((vote) => vote !== null);
  const needed = starts.length === 1 ? 1 : 2;
  return votes.find((vote) => votes.filter((other) => other === vote).length >= needed) ?? null;
}

function detectWindow(text: string): string | null {
  if ((text.match(/\p{L}/gu)?.length ?? 0) < LEAST_LETTERS) return null;
  const result = detector().detect(text);
  return result.isReliable() && result.language !== '' ? result.language : null;
}
