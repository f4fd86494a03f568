import type { PriorityClass, Tx } from '@scriptorium/kernel';
import { queryOne } from '../../../platform/database.ts';
import { BOOKS_PIPELINE } from '../books.pipeline.ts';
import { subjectOf } from '../books.repo.ts';

export interface OpenJobFilter {
  readonly bookId: number;
  readonly ownerId: number;
  /** A job of another class does not count: whoever waits is more urgent than the preload. */
  readonly class: PriorityClass;
  /** It prepares at least these. */
  readonly chapters: readonly number[];
}

/** The newest job of the owner's that does already what is asked for. */
export async function findOpenJob(tx: Tx, filter: OpenJobFilter): Promise<number | undefined> {
  const row = await queryOne<{ id: number }>(
    tx,
    `SELECT id
       FROM kernel.jobs
      WHERE subject = $1
        AND pipeline = $2
        AND owner_id = $3
        AND class = $4
        AND input -> 'chapters' @> to_jsonb($5::integer[])
        AND finished_at IS NULL
      ORDER BY id DESC
      LIMIT 1`,
    [subjectOf(filter.bookId), BOOKS_PIPELINE, filter.ownerId, filter.class, filter.chapters],
  );
  return row?.id;
}
