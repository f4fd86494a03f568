import { routes } from '@scriptorium/contract';
import type { WorkerView } from '@scriptorium/kernel';
import { codeOfStep } from '../../platform/recognise.ts';
import { route, type Feature } from '../../platform/routes.ts';
import { presentJob } from '../jobs/index.ts';
import { openMetrics, type Observed } from './metrics.ts';
import { operationErrors } from './operations.errors.ts';
import { readHours } from './overview.repo.ts';
import { countQuarantined, listQuarantined } from './quarantine.repo.ts';
import { replayWork, type ReplayResources } from './replay-work.ts';

export interface OperationsOptions extends ReplayResources {
  readonly kernel: Observed & ReplayResources['kernel'];
}

/**
 * What operators look at, and the one thing they do: replay what is in quarantine.
 *
 * `GET /metrics` is for the owner alone, because it tells how busy everybody is: Prometheus shows an API key of the owner's
 * that may only read. (Rejected: a scope or a token for this alone, which would be one more secret to make, keep and revoke.)
 */
export function createOperationsFeature(options: OperationsOptions): Feature {
  const { db, kernel } = options;
  const metrics = openMetrics(kernel);
  return {
    name: 'operations',
    errors: operationErrors,
    register(app) {
      route(app, routes.operations.metrics, async ({ reply }) => {
        reply.type(metrics.contentType);
        return await metrics.render();
      });

      route(app, routes.operations.overview, async () => {
        const [workers, load, quarantined, hours] = await Promise.all([
          kernel.workers(),
          kernel.load(),
          countQuarantined(db),
          readHours(db),
        ]);
        return {
          workers: workers.map(presentWorker),
          jobs: { ...load.jobs },
          queues: load.queues.map(({ oldestSeconds, ...queue }) => ({
            ...queue,
            oldest_seconds: oldestSeconds,
          })),
          watchers: kernel.readers(),
          quarantined,
          hours,
        };
      });

      route(app, routes.operations.quarantine, async () => ({ works: await listQuarantined(db) }));

      route(app, routes.operations.replay, async ({ params, user, request }) => {
        const jobs = await replayWork(options, params.id, request.log);
        request.log.info(
          { by: user.id, work: params.id, jobs: jobs.map(({ id }) => id) },
          'replay',
        );
        return { jobs: jobs.map((job) => presentJob(job)) };
      });
    },
  };
}

function presentWorker(worker: WorkerView) {
  return {
    id: worker.id,
    name: worker.name,
    host: worker.host,
    pid: worker.pid,
    slots: worker.slots,
    started_at: worker.startedAt.toISOString(),
    last_beat_at: worker.lastBeatAt.toISOString(),
    silent_seconds: worker.silentSeconds,
    running: worker.running.map(({ workId, jobId, step = null }) => {
      const coded = step === null ? undefined : codeOfStep(step);
      return {
        work_id: workId,
        job_id: jobId,
        step,
        ...(coded === undefined ? {} : { step_coded: coded }),
      };
    }),
  };
}
