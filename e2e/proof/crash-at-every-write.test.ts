/**
 * A worker that dies at a durable write, before or after its commit, and another one that takes over: what people are shown in the end
 * is, byte for byte, what a run without a crash shows. A share of the points by seed; `CRASH_EVERY=1` for all of them.
 */
import type { WritePoint } from '@scriptorium/testkit';
import { expect, it } from 'vitest';
import { runScene } from './crash-run.ts';
import { bookScene, novelScene } from './scenes.ts';

const EVERY = Number(process.env['CRASH_EVERY'] ?? 12);
const SEED = Number(process.env['FC_SEED'] ?? 20_261_122);

/** Every k-th point, beginning at one that the seed chooses. */
function pointsOf(writes: number): WritePoint[] {
  const all = Array.from({ length: writes }, (_, index) => index + 1).flatMap(
    (write): WritePoint[] => [
      { write, moment: 'before' },
      { write, moment: 'after' },
    ],
  );
  return all.filter((_, index) => index % EVERY === SEED % EVERY);
}

it.each([bookScene, novelScene])(
  `$name shows the same after a crash at every ${EVERY}. place of a write (seed ${SEED})`,
  async (scene) => {
    // Code that is loaded at its first use takes time that is not driven, so the first run has more beats than all others.
    await runScene(scene);
    const undisturbed = await runScene(scene);
    expect(undisturbed).toMatchObject({ hasCrashed: false, wrong: [] });
    expect(undisturbed.output.length).toBeGreaterThan(10_000);

    const began = performance.now();
    const points = pointsOf(undisturbed.writes);
    const longest = { seconds: 0, crashes: 0 };
    for (const point of points) {
      const run = await runScene(scene, point);
      const isSame = run.output === undisturbed.output;
      expect({ point, isSame, wrong: run.wrong }).toEqual({ point, isSame: true, wrong: [] });
      longest.seconds = Math.max(longest.seconds, run.simulatedSeconds);
      if (run.hasCrashed) longest.crashes += 1;
    }
    // A beat more or less moves the end of a run, and the last points with it.
    expect(longest.crashes).toBeGreaterThanOrEqual(Math.floor(points.length * 0.75));
    process.stdout.write(
      `${scene.name}: ${undisturbed.writes} writes, ${longest.crashes} crashes, longest run ${longest.seconds} s of simulated time against ${undisturbed.simulatedSeconds} s, took ${Math.round((performance.now() - began) / 1000)} s\n`,
    );
  },
  600_000,
);
