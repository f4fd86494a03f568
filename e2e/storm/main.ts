/** `npm run storm -- --seed 7 --minutes 10`: a storm, and what it broke. Exits with 1 if a promise was broken, one of time included. */
import { parseArgs } from 'node:util';
import { runStorm } from './storm.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    minutes: { type: 'string', default: '2' },
    people: { type: 'string', default: '24' },
  },
});
const report = await runStorm({
  seed: Number(values.seed),
  seconds: Number(values.minutes) * 60,
  people: Number(values.people),
});
/** Back at work, also of the unluckiest in twenty. */
const RECOVERY_S = 30;
const { recoveries: times, ...rest } = report;
const at = (share: number) => times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? null;
const p95 = at(0.95);
process.stdout.write(
  `${JSON.stringify(
    { ...rest, recovery: { works: times.length, median: at(0.5), p95, worst: at(1) } },
    null,
    2,
  )}\n`,
);
process.exitCode = report.breaches.length === 0 && (p95 ?? 0) <= RECOVERY_S ? 0 : 1;
