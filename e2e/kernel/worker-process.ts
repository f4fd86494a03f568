import { createKernel, aloneInChild, serveAlone } from '@scriptorium/kernel';
import { openPool } from '@scriptorium/postgres';
import { fileURLToPath } from 'node:url';
import { trialPipeline } from './trial-pipeline.ts';

/**
 * A worker process for tests and benchmarks: DATABASE_URL and SLOTS in its environment, a line of JSON on standard output
 * for all that happens in it. Forked with a channel by its own `aloneInChild`, it is the child that runs one work.
 */
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

const pool = openPool(process.env['DATABASE_URL'] ?? '', {
  log: silent,
  applicationName: 'trial',
  max: 12,
});
const pipelines = [
  trialPipeline((what, ctx) => say({ what, workId: ctx.workId, pid: process.pid, at: Date.now() })),
];

if (process.send !== undefined) {
  serveAlone({ pool, pipelines, log: silent });
} else {
  const kernel = createKernel({
    pool,
    pipelines,
    log: silent,
    runAlone: aloneInChild(fileURLToPath(import.meta.url)),
  });
  await kernel.start();
  const worker = kernel.worker({ slots: Number(process.env['SLOTS'] ?? 4) });
  await worker.start();
  process.once('SIGTERM', () => {
    void worker
      .stop(Number(process.env['GRACE_MS'] ?? 0))
      .then(() => kernel.stop())
      .then(() => pool.end())
      .then(() => process.exit(0));
  });
  say({ what: 'ready', id: worker.id, pid: process.pid, at: Date.now() });
}
