/**
 * What the kernel adds to a fan-out: `node bench/fan-out.ts`. Seven rounds on 1, 5 and 20 slots, of parts of 0.05 to 2 s, which wait as calls
 * of models do. The ideal is the number of rounds times the length of a part. The two cases that are promised are in `kernel.ts`.
 */
import { freshChunks } from '../e2e/kernel/trial.ts';
import { withTrial } from './kernel/bench-database.ts';
import { median, report, type Figure } from './report.ts';

const SLOTS = [1, 5, 20] as const;
const LENGTHS_MS = [50, 200, 1000, 2000] as const;
const ROUNDS = 7;
const RUNS = 3;
/** The milliseconds that a round may take beside its parts, whatever their length: two commits that wait for the disk, and a wake-up. */
const MOST_MS_A_ROUND = 30;

const figures: Figure[] = [];
for (const slots of SLOTS) {
  figures.push(
    ...(await withTrial(async (trial) => {
      await trial.startWorker({ SLOTS: String(slots) });
      const timeOf = async (count: number, ms: number) => {
        const chunks = freshChunks(count, { ms });
        const begun = performance.now();
        await trial.watch(await trial.submit({ chunks }, { parallel: 2 * slots }));
        return performance.now() - begun;
      };
      // The first job of a process pays for its connections and its plans.
      await timeOf(10, 10);
      const found: Figure[] = [];
      for (const ms of LENGTHS_MS) {
        const times: number[] = [];
        for (let run = 0; run < RUNS; run += 1) times.push(await timeOf(ROUNDS * slots, ms));
        const ideal = ROUNDS * ms;
        const aRound = (median(times) - ideal) / ROUNDS;
        found.push({
          what: `${ROUNDS * slots} parts of ${ms / 1000} s on ${slots} slots, over the ideal ${ideal / 1000} s`,
          measured: `${((median(times) / ideal - 1) * 100).toFixed(1)} %, ${aRound.toFixed(0)} ms a round`,
          target: `at most ${MOST_MS_A_ROUND} ms a round`,
          isMet: aRound <= MOST_MS_A_ROUND,
          runs: times,
        });
      }
      return found;
    })),
  );
}
await report('fan-out', figures);
