import type { Novel } from '@scriptorium/contract';
import type { Queryable } from '@scriptorium/kernel';
import { segmentationQuality } from '@scriptorium/llm';
import { query, queryOne } from '../../platform/database.ts';
import { pageOf } from '../../platform/pages.ts';
import type { NovelSentence } from '../../platform/parsing/novel-parser.ts';
import { novelNotFound } from './novels.errors.ts';
import type { PageSpan } from './windows.ts';

/** How the kernel's rows name a novel. */
export function subjectOf(novelId: number): string {
  return `novel:${novelId}`;
}

/** The id of the novel that a job works on. */
export function novelIdOf(subject: string | null): number | undefined {
  const [, id] = /^novel:(\d+)$/u.exec(subject ?? '') ?? [];
  return id === undefined ? undefined : Number(id);
}

export interface NovelRow {
  readonly id: number;
  readonly sha256: string;
  readonly file_name: string;
  readonly file_bytes: number;
  readonly title: string;
  readonly author: string | null;
  readonly language: string | null;
  readonly page_count: number;
  readonly words: number;
  readonly sentence_count: number;
  readonly chapters: Novel['chapters'];
  readonly warnings: Novel['warnings'];
  readonly reader_version: number;
  readonly created_at: Date;
  readonly job_id: number | null;
  readonly preview: string[];
}

const PREVIEW_SENTENCES = 5;

/** Where the first chapter begins, so that no title page comes first; never behind the last page that has text. */
const FIRST_PAGE = `LEAST(COALESCE((n.chapters #>> '{0,page}')::int, 1),
                                              (SELECT max(l.number)
                                                 FROM novel_pages l
                                                WHERE l.novel_id = n.id
                                                  AND l.first_sentence IS NOT NULL))`;

const COLUMNS = `n.id, n.sha256, n.file_name, n.file_bytes, n.title, n.author, n.language, n.page_count, n.words,
            n.sentence_count, n.chapters, n.warnings, n.reader_version, n.created_at,
            (SELECT j.id FROM kernel.jobs j WHERE j.subject = 'novel:' || n.id ORDER BY j.id DESC LIMIT 1) AS job_id,
            ARRAY(SELECT s ->> 'text'
                    FROM (SELECT p.number, p.sentences
                            FROM novel_pages p
                           WHERE p.novel_id = n.id
                             AND p.first_sentence IS NOT NULL
                             AND p.number >= ${FIRST_PAGE}
                           ORDER BY p.number
                           LIMIT ${PREVIEW_SENTENCES}) p
              CROSS JOIN LATERAL jsonb_array_elements(p.sentences) s
                   WHERE s ->> 'starts' IS DISTINCT FROM 'heading'
                   ORDER BY (s ->> 'id')::int
                   LIMIT ${PREVIEW_SENTENCES}) AS preview`;

/** @throws AppError `novel.not_found`, also for another user's novel */
export async function readNovel(
  db: Queryable,
  novelId: number,
  ownerId: number,
): Promise<NovelRow> {
  const row = await queryOne<NovelRow>(
    db,
    `SELECT ${COLUMNS} FROM novels n WHERE n.id = $1 AND n.owner_id = $2`,
    [novelId, ownerId],
  );
  if (row === undefined) throw novelNotFound(novelId);
  return row;
}

/** A page of the owner's novels, newest first, and where the next one begins. */
export async function listNovels(
  db: Queryable,
  ownerId: number,
  page: { readonly limit: number; readonly before?: number | undefined },
): Promise<{ novels: Novel[]; next_before: number | null }> {
  const rows = await query<NovelRow>(
    db,
    `SELECT ${COLUMNS}
       FROM novels n
      WHERE n.owner_id = $1
        AND ($2::bigint IS NULL OR n.id < $2)
      ORDER BY n.id DESC
      LIMIT $3`,
    [ownerId, page.before ?? null, page.limit + 1],
  );
  const { rows: shown, nextBefore } = pageOf(rows, page.limit);
  return { novels: shown.map(presentNovel), next_before: nextBefore };
}

export function presentNovel(row: NovelRow): Novel {
  return {
    id: row.id,
    title: row.title,
    author: row.author,
    file_name: row.file_name,
    bytes: row.file_bytes,
    language: row.language,
    language_support: segmentationQuality(row.language ?? 'und'),
    page_count: row.page_count,
    words: row.words,
    sentences: row.sentence_count,
    chapters: row.chapters,
    preview: row.preview,
    warnings: row.warnings,
    job_id: row.job_id,
    created_at: row.created_at.toISOString(),
  };
}

export async function findNovelByContent(
  db: Queryable,
  ownerId: number,
  sha256: string,
): Promise<number | undefined> {
  const row = await queryOne<{ id: number }>(
    db,
    'SELECT id FROM novels WHERE owner_id = $1 AND sha256 = $2',
    [ownerId, sha256],
  );
  return row?.id;
}

/** Every page with the numbers of its sentences, without their text. */
export async function readPageSpans(db: Queryable, novelId: number): Promise<PageSpan[]> {
  return await query<PageSpan & { number: number }>(
    db,
    'SELECT number, first_sentence, last_sentence FROM novel_pages WHERE novel_id = $1 ORDER BY number',
    [novelId],
  );
}

/** A sentence of the source with its page. */
export interface SourceSentence extends NovelSentence {
  readonly page: number;
}

/** Sentences that begin on a range of pages, in order. */
export async function readSentences(
  db: Queryable,
  novelId: number,
  { fromPage, toPage }: { readonly fromPage: number; readonly toPage: number },
): Promise<SourceSentence[]> {
  const pages = await query<Page>(
    db,
    `SELECT number, sentences
       FROM novel_pages
      WHERE novel_id = $1
        AND number BETWEEN $2 AND $3
      ORDER BY number`,
    [novelId, fromPage, toPage],
  );
  return sentencesOn(pages);
}

/** A text as one version of the reader has read it. */
export interface TextVersion {
  readonly ownerId: number;
  readonly sha256: string;
  readonly readerVersion: number;
}

/** The same of the owner's novel with this very text; undefined if there is none. In one query, because a slot of the worker waits for it. */
export async function readSentencesOfText(
  db: Queryable,
  { ownerId, sha256, readerVersion }: TextVersion,
  { fromPage, toPage }: { readonly fromPage: number; readonly toPage: number },
): Promise<SourceSentence[] | undefined> {
  const pages = await query<Page>(
    db,
    `SELECT p.number, p.sentences
       FROM novels n
       JOIN novel_pages p ON p.novel_id = n.id
      WHERE n.owner_id = $1
        AND n.sha256 = $2
        AND n.reader_version = $3
        AND p.number BETWEEN $4 AND $5
      ORDER BY p.number`,
    [ownerId, sha256, readerVersion, fromPage, toPage],
  );
  return pages.length === 0 ? undefined : sentencesOn(pages);
}

interface Page {
  readonly number: number;
  readonly sentences: readonly NovelSentence[];
}

function sentencesOn(pages: readonly Page[]): SourceSentence[] {
  return pages.flatMap(({ number, sentences }) =>
    sentences.map((sentence) => ({ ...sentence, page: number })),
  );
}

/** What people wrote over sentences of a novel, by their number. */
export async function readEdits(
  db: Queryable,
  novelId: number,
  maxWords: number,
): Promise<Map<number, string[]>> {
  const rows = await query<{ sentence_id: number; sentences: string[] }>(
    db,
    'SELECT sentence_id, sentences FROM novel_edits WHERE novel_id = $1 AND max_words = $2',
    [novelId, maxWords],
  );
  return new Map(rows.map((row) => [row.sentence_id, row.sentences]));
}

/** An empty list takes the edit back. */
export async function writeEdit(
  db: Queryable,
  edit: {
    readonly novelId: number;
    readonly maxWords: number;
    readonly sentenceId: number;
    readonly sentences: readonly string[];
  },
): Promise<void> {
  const { novelId, maxWords, sentenceId, sentences } = edit;
  if (sentences.length === 0) {
    await query(
      db,
      'DELETE FROM novel_edits WHERE novel_id = $1 AND max_words = $2 AND sentence_id = $3',
      [novelId, maxWords, sentenceId],
    );
    return;
  }
  await query(
    db,
    `INSERT INTO novel_edits (novel_id, max_words, sentence_id, sentences)
     VALUES ($1, $2, $3, $4)
         ON CONFLICT (novel_id, max_words, sentence_id)
         DO UPDATE SET sentences = EXCLUDED.sentences, edited_at = now()`,
    [novelId, maxWords, sentenceId, JSON.stringify(sentences)],
  );
}
