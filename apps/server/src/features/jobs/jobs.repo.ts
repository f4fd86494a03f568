import type { JobView, Queryable } from '@scriptorium/kernel';
import { query } from '../../platform/database.ts';

type Chunk = JobView['chunks'][number];

/** The parts of ended jobs, by job: a page of the history in one query. */
export async function readChunks(
  db: Queryable,
  jobIds: readonly number[],
): Promise<Map<number, Chunk[]>> {
  const rows = await query<Chunk & { job_id: number }>(
    db,
    `SELECT job_id, index, label, status, is_reused, error, 1 AS progress, NULL AS step
       FROM kernel.chunks
      WHERE job_id = ANY ($1)
      ORDER BY job_id, index`,
    [jobIds],
  );
  return Map.groupBy(rows, (row) => row.job_id);
}
