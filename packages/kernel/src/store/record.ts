import { z } from 'zod';
import { insertArtifacts, type NewArtifact } from '../artifacts/artifact-rows.ts';
import { chargeResults } from '../credits/charges.ts';
import type { Millicredits } from '../credits/millicredits.ts';
import { keepUsages, type Usage } from '../credits/usage.ts';
import type { Tx } from '../db/transaction.ts';
import { StaleAttemptError, type Failure } from '../errors.ts';
import { countStaleWrite } from '../metrics.ts';
import type { Resources } from '../resources.ts';
import { move, type Transition } from '../states/transitions.ts';
import { advanceJob } from './advance-job.ts';
import { changeJob, hasEnded, type NewEvent } from './change-job.ts';
import type { Claim } from './claim-works.ts';
import { applyPlan } from './apply-plan.ts';
import { completeJob, failJob, giveUp, openWorks } from './end-job.ts';
import { enqueueWorks } from './enqueue-works.ts';
import { isGivenUp } from './hooks.ts';
import { lockJob, type JobRow } from './job-row.ts';
import { settleTasks, type Verdict } from './settle-chunks.ts';
import { NOW } from './sql.ts';
import { lockWorks, lockWorksAhead, type WorkRow } from './work-row.ts';

const planSchema = z.object({
  chunks: z.array(
    z.object({
      input: z.unknown(),
      label: z.string().exactOptional(),
      ceiling: z.number().exactOptional(),
    }),
  ),
});

const mergedSchema = z.object({
  output: z.unknown(),
  gaps: z.array(z.object({ index: z.number(), code: z.string(), message: z.string() })),
});

/** What the run of a claimed work came to. */
export type Ending =
  /** `files` are in the store already; a result among them stays out of the row. */
  | {
      readonly kind: 'done';
      readonly result: unknown;
      readonly files?: readonly NewArtifact[];
    }
  | { readonly kind: 'failed'; readonly error: Failure }
  /** Its fence is closed, as somebody has seen before: only what it has used counts. */
  | { readonly kind: 'abandoned' }
  /** `isCrash`: this very attempt has crashed; else its claim counted the last one. */
  | { readonly kind: 'quarantined'; readonly error: Failure; readonly isCrash: boolean }
  /** Back into the queue. `isFailure` uses up a try; a give-back or a `Retry-After` does not. */
  | {
      readonly kind: 'postponed';
      readonly outcome: 'retry' | 'given_back' | 'crashed';
      /** Counted from its record, by the clock of the database. */
      readonly delaySeconds?: number;
      readonly waitingFor?: string;
      readonly isForBudget?: boolean;
      readonly isFailure: boolean;
      readonly error?: Failure;
    };

export interface Finished {
  readonly claim: Claim;
  readonly ending: Ending;
  /** What is not written yet. */
  readonly usages: readonly Usage[];
  /** What its result costs, if it is one. */
  readonly millicredits: Millicredits;
}

/**
 * Records finished attempts of one job's works, in one transaction: results, chunk and job counters, events, the end of their
 * tasks, the job's next tasks, and whatever follows from the last of them.
 *
 * Attempts whose fence is closed change nothing, except that what they have used of models is a fact; they are counted, logged and
 * returned.
 */
export async function recordFinished(
  tx: Tx,
  resources: Resources,
  jobId: number,
  finished: readonly Finished[],
): Promise<StaleAttemptError[]> {
  const job = await lockJob(tx, jobId);
  const mustGiveUp = job !== undefined && !hasEnded(job) && isGivenUp(job);
  const ids = finished.map(({ claim }) => claim.workId);
  const works = mustGiveUp
    ? await lockWorks(tx, [...ids, ...(await openWorks(tx, job))])
    : await lockWorksAhead(tx, job ?? { id: jobId, parallel: 0, class: 'bulk' }, ids);
  const current = finished.filter(
    ({ claim, ending }) =>
      ending.kind !== 'abandoned' && holdsFence(works.get(claim.workId), claim),
  );
  const late = finished.filter(
    ({ claim, ending }) =>
      ending.kind === 'abandoned' || !isOwnRecord(works.get(claim.workId), claim),
  );
  await keepUsages(
    tx,
    [...current, ...late].flatMap(({ usages }) => usages),
  );
  await insertArtifacts(tx, current.flatMap(filesOf));
  const joined = await writeEndings(tx, current, jobId);
  await chargeResults(tx, pricedResults(current, works), jobId);
  const waiting = job === undefined ? [] : await postpone(tx, resources, job, works, current);
  await tellOtherJobs(tx, resources, joined, current);
  if (mustGiveUp) await giveUp(tx, resources, job);
  else if (job !== undefined && !hasEnded(job))
    await followUp(tx, resources, job, works, current, waiting);
  // Last: a row of the queue that is locked while accounts are waited for would hold up the leases of its process.
  await resources.queue.complete(
    tx,
    current.map(({ claim }) => ({
      id: claim.taskId,
      queue: claim.queue,
      delivery: claim.delivery,
    })),
  );
  return refuse(
    resources,
    late.filter(({ ending }) => ending.kind !== 'abandoned'),
  );
}

function holdsFence(work: WorkRow | undefined, claim: Claim): boolean {
  return (
    work !== undefined &&
    work.status === 'running' &&
    work.task_id === claim.taskId &&
    work.delivery === claim.delivery
  );
}

/**
 * True for an attempt that holds its fence now, or was recorded by an earlier run of this very transaction whose COMMIT was
 * answered by a lost connection. Read before this run's own writes.
 */
function isOwnRecord(work: WorkRow | undefined, claim: Claim): boolean {
  return (
    work !== undefined &&
    work.status !== 'idle' &&
    work.task_id === claim.taskId &&
    work.delivery === claim.delivery
  );
}

const ENDINGS = {
  done: { transition: 'finish', outcome: 'done' },
  failed: { transition: 'fail', outcome: 'failed' },
  quarantined: { transition: 'quarantine', outcome: 'quarantined' },
} as const satisfies Record<string, { transition: Transition<'work'>; outcome: string }>;

/** To be paid by whoever has the work made now, which need not be the job it was claimed for. */
function pricedResults(current: readonly Finished[], works: ReadonlyMap<number, WorkRow>) {
  return current.flatMap(({ claim, ending, millicredits }) => {
    const work = works.get(claim.workId);
    if (work === undefined || work.kind !== 'chunk' || ending.kind !== 'done') return [];
    return [{ workId: work.id, jobId: work.job_id, millicredits }];
  });
}

/**
 * The guarded UPDATE of the works, one for each kind of ending, and the end of their attempts.
 *
 * @returns the works that parts of other jobs wait for. Nobody joins a work that is locked, so none comes to them afterwards.
 */
async function writeEndings(
  tx: Tx,
  current: readonly Finished[],
  jobId: number,
): Promise<number[]> {
  const joined: number[] = [];
  for (const kind of ['done', 'failed', 'quarantined'] as const) {
    const group = current.filter(({ ending }) => ending.kind === kind);
    if (group.length === 0) continue;
    const rule = move('work', ENDINGS[kind].transition);
    const { rows } = await tx.query<{ id: number; is_joined: boolean }>(
      `WITH ending AS (
         -- One document with all results: as elements of an array they take a fifth longer.
         SELECT e.*, $4::jsonb -> e.place::text AS result
           FROM unnest($1::bigint[], $2::uuid[], $3::int[], $5::jsonb[], $6::text[], $7::int[]) WITH ORDINALITY
             AS e (work_id, task_id, delivery, error, result_blob, crashes, place)
       ), ended AS (
         UPDATE kernel.attempts a
            SET outcome = '${ENDINGS[kind].outcome}', ended_at = ${NOW}, error = e.error
           FROM ending e
          WHERE a.work_id = e.work_id
            AND a.task_id = e.task_id
            AND a.delivery = e.delivery
       )
       UPDATE kernel.works w
          SET ${rule.set},
              result = e.result,
              result_blob = e.result_blob,
              error = e.error,
              failures = w.failures + ${kind === 'failed' ? 1 : 0},
              crashes = w.crashes + e.crashes,
              progress = ${kind === 'done' ? '1' : 'w.progress'},
              finished_at = ${NOW}
         FROM ending e
        WHERE w.id = e.work_id
          AND w.task_id = e.task_id
          AND w.delivery = e.delivery
          AND ${rule.when('w')}
       RETURNING w.id,
                 EXISTS (SELECT FROM kernel.chunks c
                          WHERE c.work_id = w.id
                            AND c.job_id <> $8
                            AND c.settled_at IS NULL) AS is_joined`,
      [
        group.map(({ claim }) => claim.workId),
        group.map(({ claim }) => claim.taskId),
        group.map(({ claim }) => claim.delivery),
        resultsByPlace(group),
        group.map(({ ending }) =>
          ending.kind === 'failed' || ending.kind === 'quarantined'
            ? JSON.stringify(ending.error)
            : null,
        ),
        group.map((each) => resultBlob(each) ?? null),
        group.map(({ ending }) => (ending.kind === 'quarantined' && ending.isCrash ? 1 : 0)),
        jobId,
      ],
    );
    if (rows.length !== group.length) {
      throw new Error(
        `Of ${group.length} attempts that held their fence only ${rows.length} were recorded.`,
      );
    }
    joined.push(...rows.filter((row) => row.is_joined).map((row) => row.id));
  }
  return joined;
}

/** What only a record makes count. A plan's and a merge's files are the job's, a part's are those of all who share it. */
function filesOf({ claim, ending }: Finished) {
  if (ending.kind !== 'done') return [];
  const { ownerId, workId, jobId } = claim;
  const belonging = claim.kind === 'chunk' ? { ownerId, workId } : { ownerId, workId, jobId };
  return (ending.files ?? []).map((file) => ({ ...file, ...belonging }));
}

function resultBlob({ ending }: Finished): string | undefined {
  return ending.kind === 'done' ? ending.files?.find((file) => file.isResult)?.blob : undefined;
}

/** As JSON, by the place in the group, from 1; without those that the store has. */
function resultsByPlace(group: readonly Finished[]): string {
  const members = group.flatMap((finished, index) => {
    const { ending } = finished;
    if (ending.kind !== 'done' || resultBlob(finished) !== undefined) return [];
    return [`"${index + 1}":${JSON.stringify(ending.result) ?? 'null'}`];
  });
  return `{${members.join(',')}}`;
}

/** @returns what its readers are told of those that wait */
async function postpone(
  tx: Tx,
  resources: Resources,
  job: JobRow,
  works: ReadonlyMap<number, WorkRow>,
  current: readonly Finished[],
): Promise<NewEvent[]> {
  const waiting: NewEvent[] = [];
  for (const { claim, ending } of current) {
    const work = works.get(claim.workId);
    if (ending.kind !== 'postponed' || work === undefined) continue;
    await tx.query(
      `WITH ended AS (
         UPDATE kernel.attempts
            SET outcome = $4, ended_at = ${NOW}, error = $5
          WHERE work_id = $1 AND task_id = $2 AND delivery = $3
       )
       UPDATE kernel.works
          SET failures = failures + $6, failure_streak = failure_streak + $6, crashes = crashes + $7,
              alone_crash_streak = alone_crash_streak + $7
        WHERE id = $1`,
      [
        claim.workId,
        claim.taskId,
        claim.delivery,
        ending.outcome,
        ending.error === undefined ? null : JSON.stringify(ending.error),
        ending.isFailure ? 1 : 0,
        ending.outcome === 'crashed' ? 1 : 0,
      ],
    );
    const notBefore = await enqueueWorks(
      tx,
      resources,
      [work],
      // Meanwhile it may have passed to another job, of another owner.
      { ...job, id: work.job_id, owner_id: work.owner_id },
      'postpone',
      {
        ...(ending.delaySeconds === undefined ? {} : { delaySeconds: ending.delaySeconds }),
        ...(ending.waitingFor === undefined ? {} : { waitingFor: ending.waitingFor }),
        ...(ending.isForBudget === undefined ? {} : { isForBudget: ending.isForBudget }),
      },
    );
    if (notBefore !== null) waiting.push(waitingEvent(ending.waitingFor, notBefore));
  }
  return waiting;
}

/** Other jobs that joined these works are settled one job a transaction, by a task: never two job locks at once. */
async function tellOtherJobs(
  tx: Tx,
  { queue, notifier }: Resources,
  joined: readonly number[],
  [first]: readonly Finished[],
): Promise<void> {
  if (first === undefined) return;
  const tasks = settleTasks(joined, first.claim.ownerId);
  await queue.insert(tx, tasks);
  for (const task of tasks) tx.afterCommit(() => notifier.signal('tasks', task.queue));
}

async function followUp(
  tx: Tx,
  resources: Resources,
  job: JobRow,
  works: ReadonlyMap<number, WorkRow>,
  current: readonly Finished[],
  waiting: readonly NewEvent[],
): Promise<void> {
  const [only] = current;
  if (only === undefined) return;
  if (only.claim.kind === 'chunk') {
    const verdicts = current.flatMap(({ claim, ending }) => verdictOf(claim, ending));
    await advanceJob(tx, resources, job, works, verdicts, {}, waiting);
    return;
  }
  await followOnly(tx, resources, job, only, waiting);
}

/** A plan or a merge: there is one at a time, and it moves the whole job. */
async function followOnly(
  tx: Tx,
  resources: Resources,
  job: JobRow,
  { claim, ending }: Finished,
  waiting: readonly NewEvent[],
): Promise<void> {
  switch (ending.kind) {
    case 'done':
      if (claim.kind === 'plan')
        await applyPlan(tx, resources, job, planSchema.parse(ending.result));
      else await completeJob(tx, resources, job, mergedSchema.parse(ending.result));
      return;
    case 'failed':
    case 'quarantined':
      await failJob(tx, resources, job, ending.error);
      return;
    case 'postponed':
    case 'abandoned':
      await changeJob(tx, resources, job, {}, waiting);
  }
}

function verdictOf(claim: Claim, ending: Ending): Verdict[] {
  switch (ending.kind) {
    case 'done':
      return [{ workId: claim.workId, status: 'done' }];
    case 'failed':
    case 'quarantined':
      return [{ workId: claim.workId, status: 'failed', error: ending.error }];
    case 'postponed':
    case 'abandoned':
      return [];
  }
}

function waitingEvent(reason = 'another try', until: Date): NewEvent {
  return {
    type: 'job.waiting',
    data: { waiting_for: { reason, until: until.toISOString() } },
  };
}

function refuse({ metrics, log }: Resources, stale: readonly Finished[]): StaleAttemptError[] {
  return stale.map(({ claim, ending }) => {
    const error = new StaleAttemptError(`record "${ending.kind}"`, {
      workId: claim.workId,
      jobId: claim.jobId,
      taskId: claim.taskId,
      delivery: claim.delivery,
    });
    countStaleWrite(metrics, 'record');
    log.info({ ...error.details, code: error.code }, error.message);
    return error;
  });
}
