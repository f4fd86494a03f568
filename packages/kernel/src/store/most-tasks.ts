import type { JobRow } from './job-row.ts';
import { NOW } from './sql.ts';

/** What decides how many of a job's tasks may be in the queue. */
export type Releasing = Pick<JobRow, 'id' | 'parallel' | 'class'>;

/** A worker beats every second. One that was silent for so long has died, or has lost its leases. */
const SILENT_SECONDS = 10;

/** Parameters of the statement: the job's id, how many of its parts may run at once, and its class. */
interface Parameters {
  readonly id: string;
  readonly parallel: string;
  readonly jobClass: string;
}

/**
 * How many tasks a job may have in the queue, those at work included: SQL of an integer.
 *
 * As many as may run at once. Where all workers together have no more slots than that, the slots see to it already, and the queue holds
 * each slot's next task, too: else a slot that becomes free waits until its own record has released one, which took 15 to 30 ms
 * of every part. Not while another job waits for a place: the slot has that one's task to do, and nobody is to stand behind
 * more tasks than before. Nor for a waiting person's job, which may take the slot that is kept for such.
 */
export function mostTasks({ id, parallel, jobClass }: Parameters): string {
  return `GREATEST(${parallel}::int,
                   (SELECT CASE WHEN sum(slots) <= ${parallel}::int THEN 2 * sum(slots) END
                      FROM kernel.workers
                     WHERE stopped_at IS NULL
                       AND last_beat_at > ${NOW} - interval '${SILENT_SECONDS} seconds'
                       AND ${jobClass}::text <> 'waiting'
                       AND NOT EXISTS (SELECT FROM kernel.works WHERE status = 'queued' AND job_id <> ${id})))`;
}
