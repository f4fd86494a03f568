import type { ChapterSummary } from '@scriptorium/contract';
import type { Queryable, Tx } from '@scriptorium/kernel';
import { query, queryOne } from '../../platform/database.ts';

type PageClass = ChapterSummary['page_class'];

/** Where a chapter stands between what a program decided and what people asked for. */
export interface ChapterVersion {
  readonly page_class: PageClass;
  readonly page_class_override: PageClass | null;
  readonly effective_class: PageClass;
  /** What whoever prepares the chapter now makes. */
  readonly wanted_generation: number;
  /** The wanted version is there. */
  readonly is_wanted_there: boolean;
  /** One that was never given before. */
  readonly next_generation: number;
}

/** Read under the lock of the chapter, so that two revisions cannot be based on the same state. */
export async function readVersion(
  tx: Tx,
  bookId: number,
  chapter: number,
): Promise<ChapterVersion | undefined> {
  return await queryOne<ChapterVersion>(
    tx,
    `SELECT c.page_class, c.page_class_override, c.effective_class, w.generation AS wanted_generation,
            EXISTS (SELECT
                      FROM description_sets s
                     WHERE s.book_id = c.book_id
                       AND s.chapter = c.number
                       AND s.generation = w.generation) AS is_wanted_there,
            (SELECT COALESCE(max(r.generation), 0) + 1
               FROM chapter_revisions r
              WHERE r.book_id = c.book_id
                AND r.chapter = c.number) AS next_generation
       FROM chapters c
      CROSS JOIN LATERAL wanted_generation(c.book_id, c.number) AS w (generation)
      WHERE c.book_id = $1
        AND c.number = $2`,
    [bookId, chapter],
  );
}

export interface NewRevision {
  readonly bookId: number;
  readonly chapter: number;
  readonly generation: number | null;
  readonly override: PageClass | null;
  readonly jobId: number | null;
  readonly createdBy: number;
}

/** Writes a revision and the correction that follows from it. Under the lock of the chapter. */
export async function addRevision(tx: Tx, revision: NewRevision): Promise<void> {
  const { bookId, chapter, generation, override, jobId, createdBy } = revision;
  await query(
    tx,
    `INSERT INTO chapter_revisions (book_id, chapter, number, generation, page_class_override, job_id, created_by)
     SELECT $1, $2, COALESCE(max(number), 0) + 1, $3, $4, $5, $6
       FROM chapter_revisions
      WHERE book_id = $1
        AND chapter = $2`,
    [bookId, chapter, generation, override, jobId, createdBy],
  );
  await applyCorrection(tx, bookId, chapter);
}

export interface Revision {
  readonly number: number;
  readonly job_id: number | null;
  readonly is_correction: boolean;
}

/** The newest revision of a chapter that is not undone. */
export async function findNewestRevision(
  db: Queryable,
  bookId: number,
  chapter: number,
): Promise<Revision | undefined> {
  return await queryOne<Revision>(
    db,
    `SELECT number, job_id, generation IS NULL AS is_correction
       FROM chapter_revisions
      WHERE book_id = $1
        AND chapter = $2
        AND undone_at IS NULL
      ORDER BY number DESC
      LIMIT 1`,
    [bookId, chapter],
  );
}

/** Takes a revision back, and the correction with it. Under the lock of the chapter. */
export async function undoRevision(
  tx: Tx,
  bookId: number,
  chapter: number,
  number: number,
): Promise<void> {
  await query(
    tx,
    `UPDATE chapter_revisions
        SET undone_at = now()
      WHERE book_id = $1
        AND chapter = $2
        AND number = $3
        AND undone_at IS NULL`,
    [bookId, chapter, number],
  );
  await applyCorrection(tx, bookId, chapter);
}

/** The only statement that writes a correction: it copies what the newest revision says that is not undone. */
async function applyCorrection(tx: Tx, bookId: number, chapter: number): Promise<void> {
  await query(
    tx,
    `UPDATE chapters c
        SET page_class_override = newest.page_class_override,
            overridden_by = CASE WHEN newest.page_class_override IS NULL THEN NULL ELSE newest.created_by END,
            overridden_at = CASE WHEN newest.page_class_override IS NULL THEN NULL ELSE newest.created_at END
       FROM (SELECT 1) AS one
       LEFT JOIN (SELECT page_class_override, created_by, created_at
                    FROM chapter_revisions
                   WHERE book_id = $1
                     AND chapter = $2
                     AND undone_at IS NULL
                   ORDER BY number DESC
                   LIMIT 1) AS newest ON true
      WHERE c.book_id = $1
        AND c.number = $2
        AND c.page_class_override IS DISTINCT FROM newest.page_class_override`,
    [bookId, chapter],
  );
}
