import type { NewReadingPosition, ReadingDevice, ReadingPosition } from '@scriptorium/contract';
import type { Queryable, Tx } from '@scriptorium/kernel';
import { query, queryOne } from '../../platform/database.ts';

/** Up to so many positions of a device in a book, all are kept. */
const MOST_OF_DEVICE = 1000;
/** Devices whose last position is shown. Browsers that forget everything at each start come as new ones. */
const MOST_DEVICES = 50;

/** One device of a reader in a book of theirs. */
interface ReadingBy {
  readonly bookId: number;
  readonly userId: number;
  readonly device: ReadingDevice;
}

/**
 * Adds positions; those that are there already are passed over. Under the lock of the book, and once its chapters are known to exist.
 *
 * The share is worked out here: it is a fact of the book, and no two devices can disagree about it. `length` counts a character outside of
 * the first 65,536 once and an offset counts it twice, which the hundredth of a share that people see does not show.
 */
export async function addPositions(
  tx: Tx,
  { bookId, userId, device }: ReadingBy,
  positions: readonly NewReadingPosition[],
): Promise<void> {
  await query(
    tx,
    `INSERT INTO reading_positions (user_id, book_id, device_id, device_label, chapter, char_offset, read_at, share)
     SELECT $2, $1, $3, $4, p.chapter, p.char_offset, p.read_at,
            COALESCE(
              LEAST(1, (w.before + w.words * LEAST(1, p.char_offset / GREATEST(length(c.text), 1)::float8))
                       / NULLIF(w.total, 0)),
              0)
       FROM unnest($5::integer[], $6::integer[], $7::timestamptz[]) AS p (chapter, char_offset, read_at)
       JOIN chapters c ON c.book_id = $1 AND c.number = p.chapter
       JOIN (SELECT number, words, sum(words) OVER (ORDER BY number) - words AS before, sum(words) OVER () AS total
               FROM chapters
              WHERE book_id = $1) w ON w.number = p.chapter
         ON CONFLICT DO NOTHING`,
    [
      bookId,
      userId,
      device.id,
      device.label,
      positions.map(({ chapter }) => chapter),
      positions.map(({ offset }) => offset),
      positions.map(({ at }) => at),
    ],
  );
}

/** A chapter that the book does not have; undefined if it has them all. */
export async function findMissingChapter(
  db: Queryable,
  bookId: number,
  chapters: readonly number[],
): Promise<number | undefined> {
  const row = await queryOne<{ chapter: number }>(
    db,
    `SELECT chapter
       FROM unnest($2::integer[]) AS chapter
      WHERE NOT EXISTS (SELECT FROM chapters c WHERE c.book_id = $1 AND c.number = chapter)
      LIMIT 1`,
    [bookId, chapters],
  );
  return row?.chapter;
}

/**
 * Thins what a device has left behind in a book, if it is much: of what is older than a day, the last and the furthest position of each
 * hour stay, and of what is older than 30 days those of each day. So the last and the furthest position of the device stay whatever
 * happens, and with them where it was on any day. At the write and not in the sweep: the table grows nowhere else, and here it is one
 * look along the key.
 */
export async function thinPositions(tx: Tx, { bookId, userId, device }: ReadingBy): Promise<void> {
  await query(
    tx,
    `WITH ranked AS (
       SELECT read_at,
              row_number() OVER (stretch ORDER BY at DESC, read_at DESC) AS from_last,
              row_number() OVER (stretch ORDER BY chapter DESC, char_offset DESC, read_at DESC) AS from_furthest
         FROM reading_positions
        WHERE book_id = $1
          AND user_id = $2
          AND device_id = $3
          AND at < now() - interval '1 day'
       WINDOW stretch AS (
         PARTITION BY date_trunc(CASE WHEN at < now() - interval '30 days' THEN 'day' ELSE 'hour' END, at, 'UTC')))
     DELETE FROM reading_positions p
      USING ranked r
      WHERE p.book_id = $1
        AND p.user_id = $2
        AND p.device_id = $3
        AND p.read_at = r.read_at
        AND r.from_last > 1
        AND r.from_furthest > 1
        AND (SELECT count(*) > ${MOST_OF_DEVICE}
               FROM reading_positions
              WHERE book_id = $1
                AND user_id = $2
                AND device_id = $3)`,
    [bookId, userId, device.id],
  );
}

/** How many positions a reader has in a book, on all devices. */
export async function countPositions(
  db: Queryable,
  bookId: number,
  userId: number,
): Promise<number> {
  const row = await queryOne<{ count: number }>(
    db,
    'SELECT count(*) AS count FROM reading_positions WHERE book_id = $1 AND user_id = $2',
    [bookId, userId],
  );
  return row?.count ?? 0;
}

interface PositionRow {
  readonly device_id: string;
  readonly device_label: string;
  readonly chapter: number;
  readonly char_offset: number;
  readonly share: number;
  readonly at: Date;
}

/** The last position of each device in the reader's own book, newest first. */
export async function listPositions(
  db: Queryable,
  bookId: number,
  userId: number,
): Promise<ReadingPosition[]> {
  const rows = await query<PositionRow>(
    db,
    `SELECT last.*
       FROM (SELECT DISTINCT ON (p.device_id) p.device_id, p.device_label, p.chapter, p.char_offset, p.share, p.at
               FROM reading_positions p
               JOIN books b ON b.id = p.book_id
              WHERE p.book_id = $1
                AND p.user_id = $2
                AND b.owner_id = $2
              ORDER BY p.device_id, p.at DESC, p.read_at DESC) last
      ORDER BY last.at DESC, last.device_id
      LIMIT ${MOST_DEVICES}`,
    [bookId, userId],
  );
  return rows.map((row) => ({
    device: { id: row.device_id, label: row.device_label },
    chapter: row.chapter,
    offset: row.char_offset,
    share: row.share,
    at: row.at.toISOString(),
  }));
}
