/**
 * What happens to a book when everybody is at it at once, in random orders: uploads of the same file, the preload, readers who open
 * chapters, new versions, corrections, undos, and workers that die.
 *
 * 60 orders by default; RACE_CASES=1000 runs as many (`npx vitest run apps/server/src/features/books/books.race.prop.test.ts`).
 * A failure names its seed and its shortest order; RACE_SEED repeats it, as far as PostgreSQL lets the same
 * statements meet again.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Race, raceStep } from './race.ts';
import { openRacetrack } from './race-track.ts';
import { ParserProcesses } from '../../platform/parsing/parser-processes.ts';

const CASES = Number(process.env['RACE_CASES'] ?? 60);
const SEED = Number(process.env['RACE_SEED'] ?? Date.now() % 2 ** 31);
/** Killed processes leave connections behind; a new database now and then closes them. */
const CASES_A_TRACK = 20;

describe('a book that everybody is at', () => {
  const parser = new ParserProcesses();
  beforeAll(() => parser.start('book'));
  afterAll(() => parser.close());

  const tracks = Math.ceil(CASES / CASES_A_TRACK);
  it.concurrent.each(Array.from({ length: tracks }, (_, i) => i + 1))(
    `keeps every decision and every description, and pays for nothing twice (part %i of ${tracks})`,
    { timeout: 180_000 },
    async (part) => {
      const track = await openRacetrack(parser);
      try {
        await fc.assert(
          fc.asyncProperty(fc.array(raceStep, { minLength: 5, maxLength: 25 }), async (steps) => {
            const race = new Race(track);
            await race.run(steps);
            await race.check();
          }),
          { numRuns: Math.min(CASES_A_TRACK, CASES), seed: SEED + part, endOnFailure: true },
        );
      } finally {
        await track.close();
      }
    },
  );
});
