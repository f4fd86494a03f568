import { expect, it } from 'vitest';
import { runStorm } from './storm.ts';

const SECONDS = Number(process.env['STORM_SECONDS'] ?? 120);
const SEED = Number(process.env['STORM_SEED'] ?? 20_261_122);

it(
  `breaks no promise in a storm of ${SECONDS} seconds (seed ${SEED})`,
  async () => {
    const report = await runStorm({ seed: SEED, seconds: SECONDS });
    expect(report.breaches).toEqual([]);
    expect(report.jobs).toBeGreaterThan(0);
    expect(report.recoveries.length).toBeGreaterThan(0);
  },
  (SECONDS + 300) * 1000,
);
