/** `npm run soak -- --jobs 10000 --readers 1000`: jobs in a row, and what they left behind. Exits with 1 if anything leaks. */
import { parseArgs } from 'node:util';
import { runSoak } from './soak.ts';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '10000' },
    readers: { type: 'string', default: '1000' },
    uploads: { type: 'string', default: '100' },
    'warm-up': { type: 'string', default: '300' },
  },
});
const report = await runSoak({
  jobs: Number(values.jobs),
  readers: Number(values.readers),
  uploads: Number(values.uploads),
  warmUp: Number(values['warm-up']),
});
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
process.exitCode = report.breaches.length === 0 ? 0 : 1;
