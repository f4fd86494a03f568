import { readCredit, type Credit } from '../credits/charges.ts';
import { OUT_OF_CREDIT } from '../credits/errors.ts';
import type { Tx } from '../db/transaction.ts';
import type { Failure } from '../errors.ts';
import { priorityOf } from '../queue/priority.ts';
import { queueName } from '../queue/task-queue.ts';
import type { Resources } from '../resources.ts';
import { move } from '../states/transitions.ts';
import { changeJob, type JobChange, type NewEvent } from './change-job.ts';
import { enqueueWorks } from './enqueue-works.ts';
import { callSettled } from './hooks.ts';
import type { JobRow } from './job-row.ts';
import { mostTasks } from './most-tasks.ts';
import { settleChunks, settleTasks, type SettledRow, type Verdict } from './settle-chunks.ts';
import { NOW_MS } from './sql.ts';
import { inheritSuspicion, lockOrCreateWorks, type WorkRow } from './work-row.ts';

/**
 * The step every settled part leads to, in the transaction that holds the job's lock: settle the verdicts, release the
 * next tasks, and once no chunk is open put the merge into the queue. Whichever transaction leaves no
 * chunk open does that, the plan's own included.
 *
 * @param works what the transaction has locked; only of these chunks are released, because no more works may be locked now
 */
export async function advanceJob(
  tx: Tx,
  resources: Resources,
  job: JobRow,
  works: ReadonlyMap<number, WorkRow>,
  verdicts: readonly Verdict[],
  change: JobChange = {},
  events: readonly NewEvent[] = [],
): Promise<JobRow> {
  // A verdict that comes after the merge has begun finds every chunk settled.
  if (job.stage !== 'chunks') return job;
  const settled = await settleChunks(tx, job.id, verdicts);
  const credit = await readCredit(tx, job);
  settled.push(...(await skipOutOfCredit(tx, job, credit)));
  const released = await releaseChunks(tx, resources, job, works, credit);
  if (job.has_hold && released === 0) await lookAgain(tx, resources, job);
  if (settled.length > 0) {
    const chunks = settled.map(({ index, work_id: workId, status }) => ({ index, workId, status }));
    await callSettled(tx, resources, job, chunks);
  }
  const lastPart = settled.at(-1);
  const advanced = await changeJob(
    tx,
    resources,
    job,
    {
      ...(lastPart === undefined ? {} : { step: stepOf(lastPart, job, settled.length, change) }),
      settled: {
        done: settled.filter((chunk) => chunk.status === 'done').length,
        failed: settled.filter((chunk) => chunk.status === 'failed').length,
        skipped: settled.filter((chunk) => chunk.status === 'skipped').length,
      },
      ...change,
    },
    [...events, ...settled.map(toEvent)],
  );
  return openChunks(advanced) > 0 ? advanced : beginMerge(tx, resources, advanced);
}

/** Gives up what the hold can never cover. Looked at whenever parts are released, because each charge leaves less. */
async function skipOutOfCredit(tx: Tx, job: JobRow, { outOfReach }: Credit): Promise<SettledRow[]> {
  return await settleChunks(
    tx,
    job.id,
    outOfReach.map((workId) => ({ workId, status: 'skipped', error: OUT_OF_CREDIT })),
  );
}

/**
 * The chunks whose works are locked were chosen before the last charge, and it may have left too little for all of them while others,
 * which cost less, could go on. No more works may be locked now, so if nothing is at work a task looks again. It would pass the
 * failure of a failed work on instead of giving it another chance; where there are only such, the reconciler looks.
 */
async function lookAgain(tx: Tx, { queue, notifier }: Resources, job: JobRow): Promise<void> {
  const { rows } = await tx.query<{ work_id: number; status: string }>(
    `SELECT c.work_id, c.status
       FROM kernel.chunks c
       JOIN kernel.works w ON w.id = c.work_id
      WHERE c.job_id = $1
        AND c.settled_at IS NULL
        AND (c.status = 'active' OR w.status <> 'failed')
      ORDER BY c.status, c.index
      LIMIT 1`,
    [job.id],
  );
  const [next] = rows;
  if (next?.status !== 'waiting') return;
  const tasks = settleTasks([next.work_id], job.owner_id);
  await queue.insert(tx, tasks);
  for (const task of tasks) tx.afterCommit(() => notifier.signal('tasks', task.queue));
}

interface Released {
  readonly index: number;
  readonly work_id: number;
  readonly now: number;
  /** The least priority of the job's tasks that waited in the queue before, and go first. */
  readonly behind: number | null;
}

/**
 * Puts the next chunks into the queue, so that the job has at most {@link mostTasks} there, and no more than its hold covers with their
 * ceilings and those of what is at work.
 *
 * One whose work has a verdict already takes no place: it has been settled with the plan, or the task that settles it is in the queue
 * since the verdict was recorded.
 *
 * @returns how many
 */
async function releaseChunks(
  tx: Tx,
  resources: Resources,
  job: JobRow,
  works: ReadonlyMap<number, WorkRow>,
  { left }: Credit,
): Promise<number> {
  const pending = [...works.values()].filter((work) => knownVerdict(work) === undefined);
  if (pending.length === 0) return 0;
  const rule = move('chunk', 'release');
  const { rows } = await tx.query<Released>(
    `UPDATE kernel.chunks c
        SET ${rule.set}
       FROM (SELECT index, ceiling, sum(ceiling) OVER (ORDER BY index) AS wanted
               FROM kernel.chunks
              WHERE job_id = $1
                AND settled_at IS NULL
                AND status = 'waiting'
                AND work_id = ANY ($2)
              ORDER BY index
              LIMIT (SELECT GREATEST(0, ${mostTasks({ id: '$1', parallel: '$3', jobClass: '$5' })} - count(*))
                       FROM kernel.chunks
                      WHERE job_id = $1
                        AND settled_at IS NULL
                        AND status = 'active')) AS next
      WHERE c.job_id = $1
        AND c.index = next.index
        AND ${rule.when('c')}
        AND (next.ceiling = 0
             OR next.wanted + (SELECT COALESCE(sum(ceiling), 0)
                                 FROM kernel.chunks
                                WHERE job_id = $1
                                  AND settled_at IS NULL
                                  AND status = 'active') <= $4)
     RETURNING c.index, c.work_id, ${NOW_MS} AS now,
               (SELECT min(w.priority)
                  FROM kernel.chunks other
                  JOIN kernel.works w ON w.id = other.work_id
                 WHERE other.job_id = $1
                   AND other.settled_at IS NULL
                   AND other.status = 'active'
                   AND w.status = 'queued'
                   AND w.not_before IS NULL) AS behind`,
    [job.id, pending.map((work) => work.id), job.parallel, left, job.class],
  );
  const [first] = rows;
  if (first === undefined) return 0;
  // In the order of the parts, which is the order in which equal tasks are served.
  const wanted = new Set(rows.toSorted((a, b) => a.index - b.index).map((row) => row.work_id));
  await wantWorks(
    tx,
    resources,
    job,
    [...wanted].map((id) => works.get(id)).filter((work) => work !== undefined),
    first,
  );
  return rows.length;
}

/** The verdict that a work's status already gives to whoever wants it. A failed work gets another chance. */
export function knownVerdict(work: WorkRow): Verdict | undefined {
  if (work.status === 'done') return { workId: work.id, status: 'done', isReused: true };
  if (work.status === 'quarantined') {
    const error: Failure = work.error ?? {
      code: 'work.quarantined',
      message: 'This part has brought down its process three times and is set aside.',
    };
    return { workId: work.id, status: 'failed', error };
  }
  return undefined;
}

/** New works enter the queue; one that waits there for somebody less urgent is sent anew with this job's priority. */
async function wantWorks(
  tx: Tx,
  resources: Resources,
  job: JobRow,
  works: readonly WorkRow[],
  { now, behind }: Released,
): Promise<void> {
  const fresh = works.filter((work) => work.status === 'idle' || work.status === 'failed');
  await enqueueWorks(tx, resources, fresh, job, 'enqueue', { now, behind });
  await raisePriority(tx, resources, job, works, now);
}

async function raisePriority(
  tx: Tx,
  resources: Resources,
  job: JobRow,
  works: readonly WorkRow[],
  now: number,
): Promise<void> {
  const waiting = works.filter((work) => work.status === 'queued');
  if (waiting.length === 0) return;
  const { queue } = resources;
  const mine = priorityOf({ class: job.class, isPremium: job.is_premium }, now);
  const isPutOff = (work: WorkRow) => work.not_before !== null && work.not_before.getTime() > now;
  // One that obeys a Retry-After keeps its moment; one that lacks a budget is asked again where a part of it is kept.
  const isLifted = (work: WorkRow) => job.class === 'waiting' && work.waits_for_budget;
  const behind = waiting.filter((work) => (isPutOff(work) ? isLifted(work) : work.priority < mine));
  if (behind.length === 0) return;
  await queue.cancel(
    tx,
    behind.flatMap((work) =>
      work.task_id === null
        ? []
        : [{ id: work.task_id, queue: queueName(work.pipeline, work.recipe_version) }],
    ),
  );
  await enqueueWorks(tx, resources, behind, job, 'resend', { now });
}

function openChunks(job: JobRow): number {
  return job.total_chunks - job.done_chunks - job.failed_chunks - job.skipped_chunks;
}

async function beginMerge(tx: Tx, resources: Resources, job: JobRow): Promise<JobRow> {
  const pipeline = resources.pipelines.find(job.pipeline, job.recipe_version);
  const [work] = await lockOrCreateWorks(
    tx,
    job,
    [{ key: `job:${job.id}:merge`, kind: 'merge', input: {} }],
    pipeline?.timeouts.chunk ?? 600,
  );
  if (work === undefined) throw new Error(`The merge of job ${job.id} could not be created.`);
  await inheritSuspicion(tx, job, work, 'merge');
  await enqueueWorks(tx, resources, [work], job, 'enqueue');
  return await changeJob(
    tx,
    resources,
    job,
    { stage: 'merge', step: 'Putting the parts together', mergeWorkId: work.id },
    [{ type: 'job.merging' }],
  );
}

function stepOf(last: SettledRow, job: JobRow, count: number, change: JobChange): string {
  const total = change.totalChunks ?? job.total_chunks;
  const processed = job.done_chunks + job.failed_chunks + job.skipped_chunks + count;
  return `${processed} of ${total} parts: ${last.label ?? `part ${last.index + 1}`}`;
}

function toEvent(chunk: SettledRow): NewEvent {
  return {
    type: 'chunk.settled',
    data: {
      index: chunk.index,
      chunk_status: chunk.status,
      ...(chunk.is_reused ? { reused: true } : {}),
      ...(chunk.error === null ? {} : { code: chunk.error.code }),
    },
  };
}
