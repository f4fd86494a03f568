import { expect, it } from 'vitest';
import { runSoak } from './soak.ts';

const JOBS = 300;
const READERS = 200;
const UPLOADS = 100;

it(`holds after ${JOBS} jobs, ${2 * READERS} readers and ${UPLOADS} uploads at once what it held before, and every reader gets every event`, async () => {
  const report = await runSoak({ jobs: JOBS, warmUp: 100, readers: READERS, uploads: UPLOADS });
  expect(report.breaches).toEqual([]);
  expect(report.events.owed).toBeGreaterThan(JOBS * 3);
}, 300_000);
