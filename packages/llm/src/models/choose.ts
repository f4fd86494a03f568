/** Of all that was found, what is returned: no overlaps, no more than asked for, the surest first. */

import { type Candidate, type Located, reject, type Reject } from './locate.ts';

/** So that the result of a chapter stays small enough for a row. */
const MOST_REJECTS = 100;

/** Without a limit from the caller: at least this many, and one more for every so many words. */
const LEAST_LIMIT = 10;
const WORDS_PER_DESCRIPTION = 500;

export function limitFor(words: number): number {
  return Math.max(LEAST_LIMIT, Math.ceil(words / WORDS_PER_DESCRIPTION));
}

/**
 * The order of the answers does not matter: of overlapping places the surer one stays, of equally sure ones the longer,
 * then the first. Not the first at once: most models are equally sure of everything, and a limit would then keep the
 * beginning of the chapter.
 *
 * @returns `chosen` in order of `start`, `rejects` best first
 */
export function choose(
  text: string,
  found: readonly Located[],
  limit: number,
): { chosen: Candidate[]; rejects: Reject[] } {
  const rejects = found.flatMap((located) => located.rejects);
  const ranked = found
    .flatMap((located) => located.candidates)
    .sort(
      (a, b) =>
        b.confidence - a.confidence ||
        b.end - b.start - (a.end - a.start) ||
        a.start - b.start ||
        a.kind.localeCompare(b.kind, 'en'),
    );
  const chosen: Candidate[] = [];
  for (const candidate of ranked) {
    const isTaken = chosen.some(({ start, end }) => start < candidate.end && candidate.start < end);
    if (!isTaken && chosen.length < limit) {
      chosen.push(candidate);
      continue;
    }
    const quote = text.slice(candidate.start, candidate.end);
    rejects.push(reject(quote, isTaken ? 'overlap' : 'beyond_limit', candidate.confidence));
  }
  return {
    chosen: chosen.sort((a, b) => a.start - b.start),
    rejects: rejects.sort((a, b) => b.score - a.score).slice(0, MOST_REJECTS),
  };
}
