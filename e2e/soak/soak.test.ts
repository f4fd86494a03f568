import { expect, it } from 'vitest';
import { runSoak } from './soak.ts';

const JOBS = 300;
const READERS = 200;

it(`holds after ${JOBS} jobs and ${2 * READERS} readers what it held before, and every reader gets every event`, async () => {
  const report = await runSoak({ jobs: JOBS, warmUp: 100, readers: READERS });
  expect(report.breaches).toEqual([]);
  expect(report.events.owed).toBeGreaterThan(JOBS * 3);
}, 300_000);
