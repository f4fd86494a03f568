import { routes, type Timeline } from '@scriptorium/contract';
import { JobNotFoundError, type Queryable } from '@scriptorium/kernel';
import type { FastifyInstance } from 'fastify';
import { route } from '../../platform/routes.ts';
import { codedLabel, waitingFor } from './present-job.ts';
import { readTimeline, type TimelineRow } from './timeline.repo.ts';

type Chunk = Timeline['chunks'][number];
type Attempt = Chunk['attempts'][number];

/** Serves what became of each part of a job, run by run. */
export function serveTimeline(app: FastifyInstance, db: Queryable): void {
  route(app, routes.jobs.timeline, async ({ params, user }) => {
    const rows = await readTimeline(db, params.id, user.id);
    const [first] = rows;
    if (first === undefined) throw new JobNotFoundError(params.id);
    const byPart = Map.groupBy(rows, ({ index }) => index);
    return {
      now: first.now.toISOString(),
      retried_by: [...first.retried_by],
      chunks: [...byPart].flatMap(([index, runs]) =>
        index === null ? [] : [presentPart(index, runs)],
      ),
    };
  });
}

function presentPart(index: number, runs: readonly TimelineRow[]): Chunk {
  const attempts = runs.flatMap(presentAttempt);
  const [part] = runs;
  const last = attempts.at(-1);
  if (last !== undefined && part?.waits_until) {
    last.waits = waitingFor(part.waiting_for ?? 'its time', part.waits_until.toISOString());
  }
  return {
    index,
    label: part?.label ?? null,
    ...codedLabel(part?.label ?? null),
    status: part?.status ?? 'waiting',
    reused: part?.is_reused ?? false,
    attempts,
  };
}

function presentAttempt(run: TimelineRow): Attempt[] {
  if (run.started_at === null) return [];
  return [
    {
      worker: run.worker,
      started_at: run.started_at.toISOString(),
      ended_at: run.ended_at?.toISOString() ?? null,
      outcome: run.outcome,
      ...(run.code === null ? {} : { code: run.code }),
    },
  ];
}
