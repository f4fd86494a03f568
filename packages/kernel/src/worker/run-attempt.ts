import { adoptFiles, createWorkArtifacts, type PutFile } from '../artifacts/attempt-files.ts';
import { isDiskFull } from '../artifacts/disk-full.ts';
import { attemptFolder } from '../artifacts/work-folders.ts';
import { addUse, takeUsages, type Use } from '../credits/usage.ts';
import { prepared } from '../db/queryable.ts';
import { inTransaction } from '../db/transaction.ts';
import { toFailure } from '../errors.ts';
import { withFields } from '../log.ts';
import { countAttempt } from '../metrics.ts';
import type { Outcome } from '../pipeline.ts';
import type { Resources } from '../resources.ts';
import { storableText } from '../storable-text.ts';
import { attemptFields, type Claim } from '../store/claim-works.ts';
import type { Ending, Finished } from '../store/record.ts';
import { startJob } from '../store/start-job.ts';
import { ChildCrashError } from './alone.ts';
import { backoffSeconds, MAX_CRASHES_ALONE, MAX_RETRIES } from './backoff.ts';
import { createContext, noProgress, type Progress } from './context.ts';
import { execute } from './execute.ts';

/** One run of one claimed work in this process. */
export interface Attempt {
  readonly claim: Claim;
  /** It took the slot that is kept for waiting persons. */
  readonly isInReserve: boolean;
  readonly progress: Progress;
  /** What is to be recorded. Never rejects. */
  readonly finished: Promise<Finished>;
  hasEnded(): boolean;
  /** Its fence is closed: abort, record only what it has used. */
  abandon(): void;
  /** This process stops: abort, and put the work back as if nothing had happened. */
  giveBack(): void;
}

type Interruption = 'abandoned' | 'given_back' | 'timed_out';

/** How long code may take to obey its signal before its slot is taken away from it. */
const OBEY_MS = 5000;

/** Starts the pipeline's code for a claim. */
export function runAttempt(
  shared: Resources,
  claim: Claim,
  { isInReserve }: { isInReserve: boolean },
): Attempt {
  const resources = { ...shared, log: withFields(shared.log, attemptFields(claim)) };
  const { clock, log, metrics } = resources;
  const controller = new AbortController();
  const progress = noProgress();
  const began = clock.now();
  let interruption: Interruption | undefined;
  let isOver = false;

  const interrupt = (why: Interruption) => {
    interruption ??= why;
    controller.abort(new Error(`The attempt was ${why.replace('_', ' ')}.`));
  };
  const timer = clock.setTimeout(() => interrupt('timed_out'), claim.timeoutSeconds * 1000);

  const finish = async (): Promise<Finished> => {
    let ending: Ending | undefined;
    try {
      const outcome = await obeying(
        resources,
        controller.signal,
        run(resources, claim, controller.signal, progress),
      );
      ending = interruption === undefined ? toEnding(outcome, progress) : undefined;
    } catch (error) {
      if (interruption === undefined) {
        log.warn({ err: error }, 'An attempt failed');
        ending = failureEnding(claim, error);
      }
    } finally {
      clock.clearTimeout(timer);
      isOver = true;
    }
    ending ??= interruptedEnding(claim, interruption ?? 'abandoned');
    countAttempt(metrics, claim, ending, (clock.now() - began) / 1000);
    return {
      claim,
      ending,
      usages: takeUsages(progress.usage, claim),
      millicredits: progress.usage.millicredits,
    };
  };

  return {
    claim,
    isInReserve,
    progress,
    finished: finish(),
    hasEnded: () => isOver,
    abandon: () => interrupt('abandoned'),
    giveBack: () => interrupt('given_back'),
  };
}

async function run(
  resources: Resources,
  claim: Claim,
  signal: AbortSignal,
  progress: Progress,
): Promise<Outcome<unknown> | Ending> {
  if (claim.aloneCrashStreak >= MAX_CRASHES_ALONE) return quarantine(claim.aloneCrashStreak);
  const { pool, pipelines, log, clock, files, openBudget, runAlone } = resources;
  const pipeline = pipelines.find(claim.pipeline, claim.recipeVersion);
  if (pipeline === undefined)
    throw new Error(`This process lacks ${claim.pipeline}.v${claim.recipeVersion}.`);
  if (claim.kind === 'plan')
    await inTransaction(pool, (tx) => startJob(tx, resources, claim.jobId), resources.onRerun);
  const onReport = (fraction: number, step: string | undefined) => {
    progress.fraction = Math.max(progress.fraction, fraction);
    progress.step = step ?? progress.step;
  };
  const onUsage = (use: Use) => addUse(progress.usage, use);
  return await withFiles(resources, claim, async (onPut) => {
    if (claim.isAlone && runAlone !== undefined)
      return await runAlone(claim, { signal, onReport, onUsage, onPut });
    const db = prepared(pool);
    const artifacts = createWorkArtifacts({ db, files, clock, log, claim, signal, onPut });
    const ctx = createContext({
      db,
      claim,
      signal,
      log,
      openBudget,
      artifacts,
      onReport,
      onUsage,
      onEmptyBudget: (reason) => {
        progress.emptyBudget = reason;
      },
    });
    return await execute(db, files, pipeline, claim, ctx);
  });
}

/**
 * Runs code that may put files: those of a finished attempt go into the store, where its record's rows make them count, those
 * of every other one go with its folder.
 */
async function withFiles(
  { files, log }: Resources,
  claim: Claim,
  code: (onPut: (file: PutFile) => void) => Promise<Outcome<unknown>>,
): Promise<Outcome<unknown> | Ending> {
  const put: PutFile[] = [];
  if (files === undefined) return await code((file) => void put.push(file));
  const folder = attemptFolder(claim);
  try {
    const outcome = await code((file) => void put.push(file));
    if (outcome.kind !== 'done') return outcome;
    return { ...outcome, files: await adoptFiles(files, claim, put, outcome.result) };
  } finally {
    await files.folders
      .remove(folder)
      .catch((error: unknown) => log.warn({ err: error, folder }, 'Left to the next sweep'));
  }
}

/** Gives code that ignores its signal a last moment, then goes on without it: a slot must never be lost for ever. */
async function obeying<T>(
  { clock, log }: Resources,
  signal: AbortSignal,
  work: Promise<T>,
): Promise<T> {
  let stopWaiting: (() => void) | undefined;
  const deserted = new Promise<never>((_resolve, reject) => {
    const onAbort = () => {
      const timer = clock.setTimeout(() => {
        log.error({}, 'Pipeline code ignored its abort signal; its slot is taken away');
        reject(new Error('The code ignored its abort signal.'));
      }, OBEY_MS);
      stopWaiting = () => clock.clearTimeout(timer);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    stopWaiting = () => signal.removeEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([work, deserted]);
  } finally {
    stopWaiting?.();
  }
}

function toEnding(outcome: Outcome<unknown> | Ending, { emptyBudget }: Progress): Ending {
  switch (outcome.kind) {
    case 'retry_after':
      return {
        kind: 'postponed',
        outcome: 'retry',
        isFailure: false,
        delaySeconds: outcome.seconds,
        waitingFor: storableText(outcome.reason),
        isForBudget: outcome.reason === emptyBudget,
      };
    case 'failed':
      return 'error' in outcome
        ? outcome
        : {
            kind: 'failed',
            error: { code: storableText(outcome.code), message: storableText(outcome.message) },
          };
    case 'done':
    case 'quarantined':
    case 'postponed':
    case 'abandoned':
      return outcome;
  }
}

function failureEnding(claim: Claim, error: unknown): Ending {
  if (error instanceof ChildCrashError) return crashEnding(claim, error);
  if (isDiskFull(error)) return waitForRoom(error);
  const failure = toFailure(error, 'work.failed');
  const failures = claim.failureStreak + 1;
  if (failures > MAX_RETRIES) return { kind: 'failed', error: failure };
  return {
    kind: 'postponed',
    outcome: 'retry',
    isFailure: true,
    error: failure,
    delaySeconds: backoffSeconds(failures),
    waitingFor: `another try after ${failure.code}: ${failure.message}`,
  };
}

const ROOM_PAUSE_SECONDS = 60;

/** Not the work's fault, and nothing that three more tries would change: it waits until there is room. */
function waitForRoom(error: unknown): Ending {
  return {
    kind: 'postponed',
    outcome: 'retry',
    isFailure: false,
    error: toFailure(error, 'disk.full'),
    delaySeconds: ROOM_PAUSE_SECONDS,
    waitingFor: 'room on the disk',
  };
}

function crashEnding(claim: Claim, error: ChildCrashError): Ending {
  const crashes = claim.aloneCrashStreak + 1;
  if (crashes >= MAX_CRASHES_ALONE) return quarantine(crashes, error);
  return {
    kind: 'postponed',
    outcome: 'crashed',
    isFailure: false,
    error: { code: error.code, message: error.message },
  };
}

function quarantine(crashes: number, cause?: Error): Ending {
  const why = cause === undefined ? '' : ` The last time: ${cause.message}`;
  return {
    kind: 'quarantined',
    isCrash: cause !== undefined,
    error: {
      code: 'work.quarantined',
      message: `It has brought down its process ${crashes} times while running alone and is set aside.${why}`,
    },
  };
}

function interruptedEnding(claim: Claim, why: Interruption): Ending {
  switch (why) {
    case 'abandoned':
      return { kind: 'abandoned' };
    case 'given_back':
      return { kind: 'postponed', outcome: 'given_back', isFailure: false };
    case 'timed_out':
      return failureEnding(
        claim,
        Object.assign(new Error(`It took longer than its ${claim.timeoutSeconds} seconds.`), {
          code: 'work.timed_out',
        }),
      );
  }
}
