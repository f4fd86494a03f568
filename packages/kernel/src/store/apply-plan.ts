import { OUT_OF_CREDIT } from '../credits/errors.ts';
import type { Tx } from '../db/transaction.ts';
import type { Plan } from '../pipeline.ts';
import type { Resources } from '../resources.ts';
import { workKey } from '../works/key.ts';
import { advanceJob, knownVerdict } from './advance-job.ts';
import { changeJob } from './change-job.ts';
import type { JobRow } from './job-row.ts';
import { outOfTime } from './out-of-time.ts';
import type { Verdict } from './settle-chunks.ts';
import { lockOrCreateWorks, type WorkRow } from './work-row.ts';

/**
 * Writes a job's chunks: each joins the work of its key, which is new, in flight or has its result already. The first tasks
 * enter the queue, or, if nothing is left to do, the merge does.
 */
export async function applyPlan(
  tx: Tx,
  resources: Resources,
  job: JobRow,
  plan: Plan<unknown>,
): Promise<void> {
  const pipeline = resources.pipelines.find(job.pipeline, job.recipe_version);
  const works = await lockOrCreateWorks(
    tx,
    job,
    plan.chunks.map((chunk) => ({
      key: workKey({
        scope: job.scope,
        pipeline: job.pipeline,
        recipeVersion: job.recipe_version,
        input: chunk.input,
        generation: job.generation,
      }),
      kind: 'chunk',
      input: chunk.input,
    })),
    pipeline?.timeouts.chunk ?? 600,
  );
  await tx.query(
    `INSERT INTO kernel.chunks (job_id, index, work_id, label, ceiling, status)
     SELECT $1, c.place - 1, c.work_id, c.label, c.ceiling, 'waiting'
       FROM unnest($2::bigint[], $3::text[], $4::bigint[]) WITH ORDINALITY AS c (work_id, label, ceiling, place)`,
    [
      job.id,
      works.map((work) => work.id),
      plan.chunks.map((chunk) => chunk.label ?? null),
      plan.chunks.map((chunk) => chunk.ceiling ?? 0),
    ],
  );
  const planned = await changeJob(
    tx,
    resources,
    job,
    {
      stage: 'chunks',
      totalChunks: works.length,
      step: works.length === 1 ? 'Planned as one part' : `Split into ${works.length} parts`,
    },
    [{ type: 'job.planned' }],
  );
  const verdicts = works
    .map(
      (work, index) =>
        knownVerdict(work) ??
        verdictAfterTime(planned, work) ??
        verdictWithoutHold(planned, work, plan.chunks[index]?.ceiling),
    )
    .filter((verdict) => verdict !== undefined);
  const locked = new Map(works.map((work) => [work.id, work]));
  await advanceJob(tx, resources, planned, locked, verdicts);
}

/** Where a hold is too small is seen whenever parts are released; without one, nothing paid ever is. */
function verdictWithoutHold(job: JobRow, work: WorkRow, ceiling = 0): Verdict | undefined {
  if (job.has_hold || ceiling === 0) return undefined;
  return { workId: work.id, status: 'skipped', error: OUT_OF_CREDIT };
}

/** A plan that ends after the soft limit brings parts that have not begun, so they are skipped; what runs for somebody else may end. */
function verdictAfterTime(job: JobRow, work: WorkRow): Verdict | undefined {
  if (job.soft_limit_hit_at === null || work.status === 'running') return undefined;
  return { workId: work.id, status: 'skipped', error: outOfTime(job, 'soft') };
}
