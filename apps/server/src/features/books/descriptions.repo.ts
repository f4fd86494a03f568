import type { Description } from '@scriptorium/contract';
import type { Queryable, Tx } from '@scriptorium/kernel';
import { query } from '../../platform/database.ts';
import type { ChapterWrites } from './chapter-writes.ts';

/**
 * Writes what finished works have found, from their results as the kernel has recorded them. Called in the transaction that
 * settles the parts, for the job that ran the work and for each one that joined it: the work's id makes all but the first call
 * change nothing.
 *
 * A chapter that was deleted meanwhile gets no set; an error here would undo the record, for ever.
 */
export async function storeDescriptions(
  tx: Tx,
  writes: ChapterWrites,
  { jobId, workIds }: { jobId: number; workIds: readonly number[] },
): Promise<void> {
  if (workIds.length === 0) return;
  const offered = await query<OfferedSet>(
    tx,
    `WITH result AS (
       SELECT w.id AS work_id, c.book_id, c.number AS chapter,
              (w.input ->> 'generation')::integer AS generation, w.result
         FROM kernel.works w
         JOIN chapters c ON c.book_id = (w.input ->> 'bookId')::bigint
                        AND c.number = (w.input ->> 'chapter')::integer
        WHERE w.id = ANY ($1)
        ORDER BY w.id
          FOR KEY SHARE OF c
     ), new_set AS (
       INSERT INTO description_sets (work_id, book_id, chapter, generation, engine, found, rejects)
       SELECT work_id, book_id, chapter, generation, result ->> 'engine',
              jsonb_array_length(result -> 'descriptions'), result -> 'rejects'
         FROM result
           ON CONFLICT (work_id) DO NOTHING
       RETURNING work_id
     ), new_description AS (
       INSERT INTO descriptions (work_id, kind, quote, start_offset, end_offset, confidence)
       SELECT work_id, d.kind, d.quote, d.start, d."end", d.confidence
         FROM new_set
         JOIN result USING (work_id)
        CROSS JOIN jsonb_to_recordset(result.result -> 'descriptions')
                AS d (kind text, quote text, start integer, "end" integer, confidence double precision)
        ORDER BY work_id, d.start
     )
     SELECT (w.input ->> 'bookId')::bigint AS book_id, (w.input ->> 'chapter')::integer AS chapter,
            new_set.work_id IS NOT NULL AS is_stored
       FROM kernel.works w
       LEFT JOIN new_set ON new_set.work_id = w.id
      WHERE w.id = ANY ($1)
      ORDER BY chapter`,
    [workIds],
  );
  tx.afterCommit(() => noteWrites(writes, jobId, offered));
}

interface OfferedSet {
  readonly book_id: number;
  readonly chapter: number;
  readonly is_stored: boolean;
}

/** A refusal is as it should be: another job has had the same work stored, or the chapter is gone. */
function noteWrites(writes: ChapterWrites, jobId: number, offered: readonly OfferedSet[]): void {
  const [first] = offered;
  if (first === undefined) return;
  const { book_id: bookId } = first;
  const chaptersOf = (isStored: boolean) =>
    offered.filter((each) => each.is_stored === isStored).map(({ chapter }) => chapter);
  const [stored, refused] = [chaptersOf(true), chaptersOf(false)];
  if (stored.length > 0) {
    const what = `descriptions stored for job ${jobId}`;
    writes.written('worker', { bookId, chapters: stored, what });
  }
  if (refused.length > 0) {
    const what = `descriptions for job ${jobId} were there already, or the chapter is gone`;
    writes.refused('worker', { bookId, chapters: refused, what });
  }
}

/** The descriptions of a set, in the order of the text. */
export async function readDescriptions(
  db: Queryable,
  set: { readonly workId: number; readonly engine: string },
): Promise<Description[]> {
  const rows = await query<Omit<Description, 'engine'>>(
    db,
    `SELECT id, kind, quote, start_offset AS start, end_offset AS "end", confidence
       FROM descriptions
      WHERE work_id = $1
      ORDER BY start_offset`,
    [set.workId],
  );
  return rows.map((row) => ({ ...row, engine: set.engine }));
}
