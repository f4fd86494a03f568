import type { KernelFiles } from '../artifacts/kernel-files.ts';
import { readResult } from '../artifacts/read-result.ts';
import type { Queryable } from '../db/queryable.ts';
import type { Failure } from '../errors.ts';
import type { Gap, SettledChunk } from '../pipeline.ts';

const BATCH = 10;

interface Row {
  index: number;
  label: string | null;
  status: 'done' | 'failed' | 'skipped';
  error: Failure | null;
  result: unknown;
  result_blob: string | null;
}

/**
 * A job's settled parts in order, the failed ones too, a batch at a time: a merge needs never all results in memory. The next batch is on
 * its way while one is looked at. Large ones come from the store, one at a time.
 */
export async function* readSettledChunks(
  db: Queryable,
  files: KernelFiles | undefined,
  jobId: number,
): AsyncGenerator<SettledChunk<unknown>> {
  // Settled, as a batch that fails while nobody waits for it would end the process.
  const readAhead = (after: number) => Promise.allSettled([readBatch(db, jobId, after)]);
  let ahead = readAhead(-1);
  try {
    for (;;) {
      const [batch] = await ahead;
      if (batch.status === 'rejected') throw batch.reason;
      const rows = batch.value;
      const last = rows.at(-1);
      if (last === undefined) return;
      ahead = readAhead(last.index);
      for (const row of rows) {
        const { index, label, status, error } = row;
        if (status === 'done') yield { index, label, status, result: await readResult(files, row) };
        else yield { index, label, status, error: error ?? UNEXPLAINED };
      }
    }
  } finally {
    // Of a reader who wants no more: nothing is left running behind its back.
    await ahead;
  }
}

async function readBatch(db: Queryable, jobId: number, after: number): Promise<Row[]> {
  const { rows } = await db.query<Row>(
    `SELECT c.index, c.label, c.status, c.error, w.result, w.result_blob
       FROM kernel.chunks c
       JOIN kernel.works w ON w.id = c.work_id
      WHERE c.job_id = $1
        AND c.index > $2
        AND c.settled_at IS NOT NULL
      ORDER BY c.index
      LIMIT ${BATCH}`,
    [jobId, after],
  );
  return rows;
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
