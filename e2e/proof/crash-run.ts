import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createTestDatabase, type WritePoint } from '@scriptorium/testkit';
import type { Pool } from 'pg';
import { DrivenTime } from '../../packages/kernel/src/testing/driven-time.ts';
import { startMortal, type MortalProcess, type Pipelines } from './mortal-process.ts';

/** A job that was accepted and that no worker has seen. */
export interface Scene {
  /** Names what `prepare` stores. It is stored once, and copied for every run. */
  readonly name: string;
  readonly prepare: (connectionString: string) => Promise<void>;
  readonly pipelines: Pipelines;
  /** Everything that people are shown of the finished work. */
  readonly output: (pool: Pool) => Promise<unknown>;
}

export interface CrashRun {
  /** The durable writes of the first worker. */
  readonly writes: number;
  readonly hasCrashed: boolean;
  /** What is shown in the end, as JSON. */
  readonly output: string;
  /** What must be true of the books of any run; empty when it is. */
  readonly wrong: unknown[];
  /** Until the job had ended, the crash and what came after it included. */
  readonly simulatedSeconds: number;
}

const UNDISTURBED: WritePoint = { write: Number.POSITIVE_INFINITY, moment: 'before' };
/** A lost worker's lease takes 10 s, a part that was running in a crash its turn alone. */
const LONGEST_SECONDS = 300;

const IS_QUEUED = `state < 'completed' AND name NOT LIKE '\\_\\_pgboss%'`;

/** One result a work however often it began, no job open, nothing queued, all credits accounted for. */
const WRONG = `
  SELECT 'open job' AS what, id::text FROM kernel.jobs WHERE status <> 'completed' OR gaps <> '[]'
   UNION ALL
  SELECT 'unfinished work', id::text FROM kernel.works WHERE status <> 'done'
   UNION ALL
  SELECT 'done twice', work_id::text FROM kernel.attempts WHERE outcome = 'done' GROUP BY work_id HAVING count(*) > 1
   UNION ALL
  SELECT 'queued', id::text FROM pgboss.job WHERE ${IS_QUEUED}
   UNION ALL
  SELECT 'event out of order', job_id::text FROM kernel.events GROUP BY job_id HAVING max(seq) <> count(*)`;

/**
 * Runs the scene's job to its end: the first worker dies at the point, if it comes so far, and a second one takes over.
 *
 * @throws Error if something is left to do after five simulated minutes
 */
export async function runScene(scene: Scene, point = UNDISTURBED): Promise<CrashRun> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-crash-'));
  const { name, prepare } = scene;
  const database = await createTestDatabase({ template: name, migrate: prepare });
  const admin = database.pool();
  const time = new DrivenTime(admin);
  const begin = async (where: WritePoint) =>
    await startMortal({
      connectionString: database.connectionString,
      pipelines: scene.pipelines,
      time,
      dataDir,
      point: where,
    });
  const first = await begin(point);
  let seconds = await elapseUntilEnd(first, time, admin, 0);
  const { hasFired, writes } = first.fault;
  await first.end();
  if (hasFired) {
    const second = await begin(UNDISTURBED);
    seconds = await elapseUntilEnd(second, time, admin, seconds);
    await second.end();
  }
  const output = JSON.stringify(await scene.output(admin));
  const { rows: wrong } = await admin.query(WRONG);
  await time.close();
  await database.drop();
  await rm(dataDir, { recursive: true });
  return { writes, hasCrashed: hasFired, output, wrong, simulatedSeconds: seconds };
}

/** What a process may still do: the last job can end before the task that would have settled it is taken from the queue. */
const LEFT_TO_DO = `
  SELECT FROM kernel.jobs WHERE finished_at IS NULL
   UNION ALL
  SELECT FROM pgboss.job WHERE ${IS_QUEUED}`;

/** Until the process has died or has nothing more to do; gives the seconds that have passed. */
async function elapseUntilEnd(
  { fault }: MortalProcess,
  time: DrivenTime,
  admin: Pool,
  from: number,
): Promise<number> {
  for (let seconds = from; seconds < LONGEST_SECONDS; seconds += 1) {
    await time.elapse(1);
    if (fault.hasFired) return seconds;
    const { rows } = await admin.query(LEFT_TO_DO);
    if (rows.length === 0) return seconds;
  }
  throw new Error(`There is still something to do after ${LONGEST_SECONDS} simulated seconds.`);
}
