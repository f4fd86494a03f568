import type { NovelResult } from '@scriptorium/contract';
import { queryOne } from '../../platform/database.ts';
import { assembleResult, inputOf, type ResultSources } from './assemble-result.ts';

/** A result of 600 pages is some 5 MB; a screen that scrolls asks for it in pages, one after the other. */
const KEPT_RESULTS = 8;

interface Kept {
  readonly version: string;
  readonly result: NovelResult;
}

/**
 * Assembled results of this process, for screens that read them in pages. Each is kept under the version that the database gives: how far
 * the job is, and when a sentence was last written over. So no process can serve an old answer.
 */
export class ResultCache {
  readonly #sources: ResultSources;
  readonly #kept = new Map<number, Kept>();

  constructor(sources: ResultSources) {
    this.#sources = sources;
  }

  /** @throws what {@link assembleResult} throws; whose job it is, is asked every time */
  async read(jobId: number, ownerId: number): Promise<NovelResult> {
    const version = await this.#versionOf(jobId, ownerId);
    const kept = this.#kept.get(jobId);
    this.#kept.delete(jobId);
    const result =
      kept?.version === version ? kept.result : await assembleResult(this.#sources, jobId, ownerId);
    this.#kept.set(jobId, { version, result });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_RESULTS && oldest !== undefined) this.#kept.delete(oldest);
    return result;
  }

  async #versionOf(jobId: number, ownerId: number): Promise<string> {
    const { db, kernel } = this.#sources;
    const job = await kernel.job(jobId, ownerId);
    const { novelId, maxWords } = inputOf(job);
    const edits = await queryOne<{ count: number; last: Date | null }>(
      db,
      `SELECT count(*) AS count, max(edited_at) AS last
         FROM novel_edits
        WHERE novel_id = $1
          AND max_words = $2`,
      [novelId, maxWords],
    );
    return [job.last_seq, job.status, edits?.count, edits?.last?.getTime()].join(':');
  }
}
