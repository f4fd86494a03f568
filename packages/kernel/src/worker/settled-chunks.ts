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
 *
 * @param member of a result that is wanted, where it has one of this name; else the whole result
 */
export async function* readSettledChunks(
  db: Queryable,
  files: KernelFiles | undefined,
  jobId: number,
  member?: string,
): AsyncGenerator<SettledChunk<unknown>> {
  // Settled, as a batch that fails while nobody waits for it would end the process.
  const readAhead = (after: number) =>
    Promise.allSettled([readBatch(db, { jobId, after, member })]);
  let ahead = readAhead(-1);
  try {
    for (;;) {
      const [batch] = await ahead;
      if (batch.status === 'rejected') throw batch.reason;
      const rows = batch.value;
      const last = rows.at(-1);
      const isFull = rows.length === BATCH;
      if (last !== undefined && isFull) ahead = readAhead(last.index);
      for (const row of rows) {
        const { index, label, status, error } = row;
        if (status === 'done')
          yield { index, label, status, result: await wanted(files, row, member) };
        else yield { index, label, status, error: error ?? UNEXPLAINED };
      }
      if (!isFull) return;
    }
  } finally {
    // Of a reader who wants no more: nothing is left running behind its back.
    await ahead;
  }
}

/** Of one in its row, the query has read no more. */
async function wanted(
  files: KernelFiles | undefined,
  row: Row,
  member: string | undefined,
): Promise<unknown> {
  const result = await readResult(files, row);
  if (row.result_blob === null || member === undefined) return result;
  return typeof result === 'object' && result !== null && Object.hasOwn(result, member)
    ? Reflect.get(result, member)
    : result;
}

interface BatchOptions {
  readonly jobId: number;
  readonly after: number;
  readonly member: string | undefined;
}

async function readBatch(db: Queryable, { jobId, after, member }: BatchOptions): Promise<Row[]> {
  const { rows } = await db.query<Row>(
    `SELECT c.index, c.label, c.status, c.error, COALESCE(w.result -> $3::text, w.result) AS result, w.result_blob
       FROM kernel.chunks c
       JOIN kernel.works w ON w.id = c.work_id
      WHERE c.job_id = $1
        AND c.index > $2
        AND c.settled_at IS NOT NULL
      ORDER BY c.index
      LIMIT ${BATCH}`,
    [jobId, after, member ?? null],
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
