import type { Queryable } from '../db/queryable.ts';
import type { EventType, JobEvent } from './event.ts';

interface Row {
  job_id: number;
  seq: number;
  type: EventType;
  at: Date;
  data: Record<string, unknown>;
}

function toEvent(row: Row): JobEvent {
  return { jobId: row.job_id, seq: row.seq, type: row.type, at: row.at, data: row.data };
}

/** A job's events after a sequence number, oldest first. */
export async function readEvents(
  db: Queryable,
  jobId: number,
  after: number,
  limit: number,
): Promise<JobEvent[]> {
  const { rows } = await db.query<Row>(
    `SELECT job_id, seq, type, at, data
       FROM kernel.events
      WHERE job_id = $1
        AND seq > $2
      ORDER BY seq
      LIMIT $3`,
    [jobId, after, limit],
  );
  return rows.map(toEvent);
}

/** The same for many jobs at once, each with its own cursor: one query a tick, however many watch. */
export async function readEventsOfMany(
  db: Queryable,
  cursors: ReadonlyMap<number, number>,
  limit: number,
): Promise<JobEvent[]> {
  const { rows } = await db.query<Row>(
    `SELECT e.job_id, e.seq, e.type, e.at, e.data
       FROM unnest($1::bigint[], $2::bigint[]) AS c (job_id, after)
       JOIN kernel.events e ON e.job_id = c.job_id AND e.seq > c.after
      ORDER BY e.job_id, e.seq
      LIMIT $3`,
    [[...cursors.keys()], [...cursors.values()], limit],
  );
  return rows.map(toEvent);
}
