import type { ChapterSummary, PageReasonCode, Params } from '@scriptorium/contract';
import { renderHtml, type Block, type Note } from '@scriptorium/documents';
import type { Queryable } from '@scriptorium/kernel';
import { query, queryOne } from '../../platform/database.ts';
import { bookError } from './books.errors.ts';
import { BOOKS_PIPELINE } from './books.pipeline.ts';
import type { ChapterCache, RenderedChapter } from './chapter-cache.ts';
import { listImages } from './images.repo.ts';

/** Where a chapter stands: its text's verdict, its current set of descriptions, and who last wanted one. */
export interface ChapterState {
  readonly book_id: number;
  readonly number: number;
  readonly title: string;
  readonly path: string[];
  readonly words: number;
  readonly text_hash: string;
  /** Of the parser that made it. */
  readonly parser_version: number;
  readonly effective_class: ChapterSummary['page_class'];
  readonly page_class_reason: string;
  /** Null where an older server wrote the reason in words that nobody recognises. */
  readonly page_class_reason_code: PageReasonCode | null;
  readonly page_class_reason_params: Params;
  readonly is_corrected: boolean;
  readonly can_undo: boolean;
  /** The current set; null while there is none. */
  readonly work_id: number | null;
  readonly engine: string | null;
  readonly found: number | null;
  readonly rejects_count: number | null;
  /** The job that prepares it, else the one that wanted to last. */
  readonly job_id: number | null;
  readonly is_wanted: boolean | null;
  readonly is_running: boolean | null;
  /** Of the work that is wanted, 0 to 1; null before the job's plan. */
  readonly progress: number | null;
  readonly has_failed: boolean | null;
}

/**
 * A job's part belongs to the chapter at the same place in the job's input; before its plan is there, it has none. An open wish
 * counts before a newer one that has ended. What was found in a page before somebody called it a service page is kept and not shown.
 */
const STATES = `
  WITH wish AS (
    SELECT DISTINCT ON (chapter)
           w.number::integer AS chapter,
           j.id AS job_id,
           j.finished_at IS NULL AND k.settled_at IS NULL AS is_wanted,
           COALESCE(k.status, j.status) = 'failed' AS has_failed,
           x.status = 'running' AS is_running,
           x.progress
      FROM kernel.jobs j
     CROSS JOIN jsonb_array_elements_text(j.input -> 'chapters') WITH ORDINALITY AS w (number, place)
      LEFT JOIN kernel.chunks k ON k.job_id = j.id AND k.index = w.place - 1
      LEFT JOIN kernel.works x ON x.id = k.work_id
     WHERE j.subject = 'book:' || $1::bigint
       AND j.pipeline = '${BOOKS_PIPELINE}'
     ORDER BY chapter, is_wanted DESC, j.id DESC
  )
  SELECT c.book_id, c.number, c.title, c.path, c.words, c.text_hash, c.effective_class, c.page_class_reason,
         c.page_class_reason_code, c.page_class_reason_params, b.parser_version, c.page_class_override IS NOT NULL AS is_corrected,
         EXISTS (SELECT
                   FROM chapter_revisions r
                  WHERE r.book_id = c.book_id
                    AND r.chapter = c.number
                    AND r.undone_at IS NULL) AS can_undo,
         s.work_id, s.engine, s.found, jsonb_array_length(s.rejects) AS rejects_count,
         wish.job_id, wish.is_wanted, wish.has_failed, wish.is_running, wish.progress
    FROM chapters c
    JOIN books b ON b.id = c.book_id
    LEFT JOIN current_description_sets s ON s.book_id = c.book_id
                                        AND s.chapter = c.number
                                        AND c.effective_class <> 'service'
    LEFT JOIN wish ON wish.chapter = c.number
   WHERE c.book_id = $1`;

/** All chapters of a book, in order. */
export async function readChapterStates(db: Queryable, bookId: number): Promise<ChapterState[]> {
  return await query<ChapterState>(db, `${STATES} ORDER BY c.number`, [bookId]);
}

/** @throws AppError `book.chapter_not_found` */
export async function readChapterState(
  db: Queryable,
  bookId: number,
  number: number,
): Promise<ChapterState> {
  const row = await queryOne<ChapterState>(db, `${STATES} AND c.number = $2`, [bookId, number]);
  if (row === undefined) throw chapterNotFound(bookId, number);
  return row;
}

/** What no request changes: made once, and then for an hour only looked up. */
export async function renderChapter(
  db: Queryable,
  cache: ChapterCache,
  state: ChapterState,
): Promise<RenderedChapter> {
  const { book_id: bookId, number } = state;
  const key = [bookId, number, state.text_hash, state.parser_version].join(' ');
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const row = await queryOne<{ content: Block[]; notes: Note[]; text: string }>(
    db,
    'SELECT content, notes, text FROM chapters WHERE book_id = $1 AND number = $2',
    [bookId, number],
  );
  if (row === undefined) throw chapterNotFound(bookId, number);
  const images = await listImages(db, bookId);
  const imageUrl = (image: string) =>
    images.has(image) ? `/api/v1/books/${bookId}/images/${encodeURIComponent(image)}` : null;
  const chapter = {
    html: renderHtml(row.content, { imageUrl }),
    text: row.text,
    notes: row.notes.map(({ id, label, offset, content }) => ({
      id,
      label,
      offset,
      html: renderHtml(content, { imageUrl }),
    })),
  };
  cache.set(key, chapter);
  return chapter;
}

/** Whether anybody can expect descriptions, and when. */
export function statusOf(state: ChapterState): ChapterSummary['status'] {
  if (state.effective_class === 'service') return 'skipped';
  if (state.work_id !== null) return 'ready';
  if (state.is_wanted === true) return 'preparing';
  if (state.has_failed === true) return 'failed';
  return state.effective_class === 'chapter' ? 'waiting' : 'skipped';
}

/** A chapter as lists show it. */
export function presentChapter(state: ChapterState): ChapterSummary {
  const { effective_class: pageClass } = state;
  return {
    book_id: state.book_id,
    number: state.number,
    title: state.title,
    path: state.path,
    words: state.words,
    page_class: pageClass,
    is_service_page: pageClass === 'service',
    ...reasonOf(state),
    is_corrected: state.is_corrected,
    can_undo: state.can_undo,
    is_description_parsed: state.work_id !== null,
    descriptions_found: state.found ?? 0,
    status: statusOf(state),
    job_id: state.job_id,
    preparation: preparationOf(state),
  };
}

/** Why a page is not a chapter. A person gives no reason. */
function reasonOf(
  state: ChapterState,
): Pick<
  ChapterSummary,
  'service_page_reason' | 'service_page_reason_code' | 'service_page_reason_params'
> {
  if (state.effective_class === 'chapter') {
    return { service_page_reason: null, service_page_reason_code: null };
  }
  if (state.is_corrected) {
    return {
      service_page_reason: 'somebody has corrected it',
      service_page_reason_code: 'page.corrected',
    };
  }
  return {
    service_page_reason: state.page_class_reason,
    service_page_reason_code: state.page_class_reason_code,
    service_page_reason_params: state.page_class_reason_params,
  };
}

function preparationOf(state: ChapterState): ChapterSummary['preparation'] {
  if (state.is_wanted !== true || state.job_id === null) return null;
  return {
    job_id: state.job_id,
    status: state.is_running === true ? 'active' : 'waiting',
    progress_percent: Math.floor(100 * (state.progress ?? 0)),
  };
}

export function chapterNotFound(bookId: number, number: number) {
  return bookError('book.chapter_not_found', {
    detail: `Book ${bookId} has no chapter ${number}. GET /api/v1/books/${bookId} lists its chapters.`,
    params: { chapter: number },
  });
}
