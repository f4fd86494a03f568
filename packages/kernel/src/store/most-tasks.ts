import type { JobRow } from './job-row.ts';
import { NOW } from './sql.ts';

/** What decides how many of a job's tasks may be in the queue. */
export type Releasing = Pick<JobRow, 'id' | 'parallel' | 'class'>;

/** A worker beats every second. One that was silent for so long has died, or has lost its leases. */
const SILENT_SECONDS = 10;

/**
 * How many tasks a job may have in the queue, those at work included: SQL of an integer.
 *
 * As many as may run at once. Where all workers together have no more slots than that, the slots see to it already, and the queue holds
 * each slot's next task, too: else a slot that becomes free waits until its own record has released one, which took 15 to 30 ms
 * of every part. Nobody but a waiting person's task takes another slot than these, so a job of that class keeps to its number.
 *
 * @param parallel parameters of the statement: the job's number, and its class
 */
export function mostTasks(parallel: string, jobClass: string): string {
  return `GREATEST(${parallel}::int,
                   (SELECT CASE WHEN sum(slots) <= ${parallel}::int THEN 2 * sum(slots) END
                      FROM kernel.workers
                     WHERE stopped_at IS NULL
                       AND last_beat_at > ${NOW} - interval '${SILENT_SECONDS} seconds'
                       AND ${jobClass}::text <> 'waiting'))`;
}
