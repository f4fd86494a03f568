import type { Queryable } from '../db/transaction.ts';
import type { Failure } from '../errors.ts';
import type { Gap, SettledChunk } from '../pipeline.ts';

const BATCH = 50;

interface Row {
  index: number;
  label: string | null;
  status: 'done' | 'failed' | 'skipped';
  error: Failure | null;
  result: unknown;
}

/** A job's parts in order, the failed ones too, a batch at a time: a merge needs never all results in memory. */
export async function* readSettledChunks(
  db: Queryable,
  jobId: number,
): AsyncGenerator<SettledChunk<unknown>> {
  for (let after = -1; ;) {
    const { rows } = await db.query<Row>(
      `SELECT c.index, c.label, c.status, c.error, w.result
         FROM kernel.chunks c
         JOIN kernel.works w ON w.id = c.work_id
        WHERE c.job_id = $1
          AND c.index > $2
        ORDER BY c.index
        LIMIT ${BATCH}`,
      [jobId, after],
    );
    for (const { index, label, status, error, result } of rows) {
      after = index;
      if (status === 'done') yield { index, label, status, result };
      else yield { index, label, status, error: error ?? UNEXPLAINED };
    }
    if (rows.length < BATCH) return;
  }
}

const UNEXPLAINED: Failure = { code: 'chunk.unexplained', message: 'No reason was stored.' };

/** What the kernel itself knows to be missing: `completed` means whole, anything less says what it lacks. */
export async function auditGaps(db: Queryable, jobId: number): Promise<Gap[]> {
  const { rows } = await db.query<Gap>(
    `SELECT index,
            COALESCE(error ->> 'code', 'chunk.unexplained') AS code,
            COALESCE(error ->> 'message', 'No reason was stored.') AS message
       FROM kernel.chunks
      WHERE job_id = $1
        AND status <> 'done'
      ORDER BY index`,
    [jobId],
  );
  return rows;
}
