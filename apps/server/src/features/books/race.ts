import fc from 'fast-check';
import { AppError } from '../../platform/errors.ts';
import { expect } from 'vitest';
import { extractDescriptions } from './steps/extract-descriptions.ts';
import { prepareBook } from './steps/prepare-book.ts';
import { reprocessChapter, undoReprocess } from './steps/reprocess-chapter.ts';
import { findNewestRevision } from './revisions.repo.ts';
import type { Racetrack } from './race-track.ts';
import { scene, tinyEpub } from './testing.ts';

/** Chapter 1 is a service page; 2 to 6 are preloaded; nobody prepares 7 and 8 unasked. */
const CHAPTERS = 8;

const chapter = fc.integer({ min: 1, max: CHAPTERS });
/** One thing that somebody does, or that happens. */
export const raceStep = fc.record({
  /** False: the next step begins at once, in the middle of this one. */
  isAwaited: fc.boolean(),
  action: fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('open' as const), chapter }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('reprocess' as const), chapter }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('correct' as const),
        chapter,
        isService: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('undo' as const), chapter }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('prepare' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('upload' as const) }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('finish' as const), call: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('elapse' as const),
        seconds: fc.integer({ min: 1, max: 3 }),
      }),
    },
  ),
});
type Step = (typeof raceStep)['generate'] extends (...args: never[]) => { value: infer Value }
  ? Value
  : never;

/** What people have asked of a chapter, as it should have come out. */
interface Expected {
  readonly verdict: 'service' | 'chapter';
  /** The correction after each revision that is not undone. */
  readonly corrections: (string | null)[];
  /** One person asks one thing of one chapter after the other; everything else happens meanwhile. */
  queue: Promise<unknown>;
}

let books = 0;

/** One book, one order. */
export class Race {
  readonly #track: Racetrack;
  readonly #expected: Expected[];
  readonly #file: Promise<Buffer>;
  readonly #requests: Promise<unknown>[] = [];
  #bookId = 0;
  #lost = 0;
  #crashes = 0;
  readonly #callsBefore: number;

  constructor(track: Racetrack) {
    this.#track = track;
    this.#callsBefore = track.engine.calls;
    books += 1;
    const title = `Race ${books}`;
    const pages: Record<string, string> = {
      Copyright: '<p>Copyright 2020 by A. Writer. All rights reserved. ISBN 978-0-00-000000-2</p>',
    };
    for (let i = 2; i <= CHAPTERS; i += 1) pages[`Part ${i}`] = scene(`${i} of ${title}`);
    this.#file = tinyEpub({ title, pages });
    this.#expected = Array.from({ length: CHAPTERS }, (_, i) => ({
      verdict: i === 0 ? ('service' as const) : ('chapter' as const),
      corrections: [],
      queue: Promise.resolve(),
    }));
  }

  async run(steps: readonly Step[]): Promise<void> {
    const { engine } = this.#track;
    engine.setOpen(false);
    const bytes = await this.#file;
    const [id, same] = await Promise.all([this.#track.upload(bytes), this.#track.upload(bytes)]);
    expect(same).toBe(id);
    this.#bookId = id;
    for (const { action, isAwaited } of steps) {
      const done = this.#take(action);
      this.#requests.push(done);
      if (isAwaited) await Promise.all([...this.#requests, this.#track.elapse(0)]);
    }
    await Promise.all(this.#requests);
    engine.setOpen(true);
    await this.#untilAllJobsHaveEnded();
  }

  async #take(action: Step['action']): Promise<unknown> {
    const track = this.#track;
    const { kernel, ownerId } = track;
    const bookId = this.#bookId;
    const owner = { id: ownerId, isPremium: false };
    switch (action.do) {
      case 'open':
        return await kernel
          .transaction((tx) =>
            extractDescriptions(tx, kernel, {
              bookId,
              chapter: action.chapter,
              owner,
              submission: crypto.randomUUID(),
            }),
          )
          .catch(onlyServicePage);
      case 'reprocess':
        return await this.#inTurn(action.chapter, () => this.#reprocess(action.chapter, undefined));
      case 'correct':
        return await this.#inTurn(action.chapter, () =>
          this.#reprocess(action.chapter, action.isService),
        );
      case 'undo':
        return await this.#inTurn(action.chapter, () => this.#undo(action.chapter));
      case 'prepare':
        return await kernel.transaction((tx) =>
          prepareBook(tx, kernel, { bookId, owner, submission: crypto.randomUUID() }),
        );
      case 'upload':
        expect(await track.upload(await this.#file)).toBe(bookId);
        return;
      case 'finish':
        return track.engine.finish(action.call);
      case 'crash':
        // The third crash of a work alone is the end of it, rightly.
        this.#crashes += 1;
        if (this.#crashes <= 2) this.#lost += await track.crash();
        return;
      case 'elapse':
        return await track.elapse(action.seconds);
    }
  }

  async #inTurn(number: number, ask: () => Promise<void>): Promise<void> {
    const expected = this.#expectedOf(number);
    expected.queue = expected.queue.then(ask);
    await expected.queue;
  }

  #expectedOf(number: number): Expected {
    const expected = this.#expected[number - 1];
    if (expected === undefined) throw new Error(`There is no chapter ${number}.`);
    return expected;
  }

  async #reprocess(number: number, isServicePage: boolean | undefined): Promise<void> {
    const { kernel, ownerId } = this.#track;
    const { corrections, verdict } = this.#expectedOf(number);
    const before = corrections.at(-1) ?? null;
    const isService = (before ?? verdict) === 'service';
    const wanted = isServicePage ?? isService;
    const after =
      wanted === isService
        ? before
        : wanted === (verdict === 'service')
          ? null
          : wanted
            ? 'service'
            : 'chapter';
    const request = {
      bookId: this.#bookId,
      chapter: number,
      owner: { id: ownerId, isPremium: false },
      isServicePage,
      submission: crypto.randomUUID(),
    };
    const done = await kernel
      .transaction((tx) => reprocessChapter(tx, kernel, request))
      .catch(onlyServicePage);
    expect(done === undefined).toBe(isService && isServicePage === undefined);
    if (done === undefined) return;
    expect(done.isCorrection).toBe(after !== before);
    expect(done.jobId === undefined).toBe((after ?? verdict) === 'service');
    if (done.isRevision) corrections.push(after);
  }

  async #undo(number: number): Promise<void> {
    const { kernel, ownerId, pool } = this.#track;
    const { corrections } = this.#expectedOf(number);
    const newest = await findNewestRevision(pool, this.#bookId, number);
    expect(newest === undefined).toBe(corrections.length === 0);
    if (newest === undefined) return;
    const request = { bookId: this.#bookId, chapter: number, ownerId, revision: newest.number };
    expect(await kernel.transaction((tx) => undoReprocess(tx, kernel, request))).toBeDefined();
    corrections.pop();
  }

  async #untilAllJobsHaveEnded(): Promise<void> {
    for (let second = 0; second < 120; second += 1) {
      await this.#track.elapse(1);
      if (
        (await this.#count(
          'kernel.jobs',
          `subject = 'book:${this.#bookId}' AND finished_at IS NULL`,
        )) === 0
      )
        return;
    }
    throw new Error(`Jobs of book ${this.#bookId} have not ended after two minutes.`);
  }

  async #count(table: string, condition: string): Promise<number> {
    const { rows } = await this.#track.pool.query<{ n: number }>(
      `SELECT count(*) AS n FROM ${table} WHERE ${condition}`,
    );
    return rows[0]?.n ?? Number.NaN;
  }

  /** Nobody's decision is lost, no chapter that was prepared lacks its descriptions, nothing was paid for twice. */
  async check(): Promise<void> {
    await this.#checkVerdicts();
    await this.#checkDescriptions();
    const ofBook = `kind = 'chunk' AND (input ->> 'bookId')::bigint = ${this.#bookId}`;
    const works = await this.#count('kernel.works', ofBook);
    const keys = await this.#count(
      `(SELECT DISTINCT input ->> 'chapter', input ->> 'generation' FROM kernel.works WHERE ${ofBook}) AS keys`,
      'true',
    );
    expect(works).toBe(keys);
    const done = await this.#count('kernel.works', `${ofBook} AND status = 'done'`);
    const accepted = await this.#count(
      'kernel.attempts',
      `outcome = 'done' AND work_id IN (SELECT id FROM kernel.works WHERE ${ofBook})`,
    );
    const sets = await this.#count('description_sets', `book_id = ${this.#bookId}`);
    expect({ accepted, sets }).toEqual({ accepted: done, sets: done });
    const { engine } = this.#track;
    const calls = engine.calls - this.#callsBefore;
    // What an undo has let go may be wanted again. Its call was in flight, also if it ended before it was told to.
    const letGo = await this.#count(
      'kernel.attempts',
      `outcome = 'let_go' AND work_id IN (SELECT id FROM kernel.works WHERE ${ofBook})`,
    );
    expect(calls).toBeLessThanOrEqual(keys + this.#lost + letGo);
    expect(calls).toBeGreaterThanOrEqual(done);
  }

  async #checkVerdicts(): Promise<void> {
    const { rows } = await this.#track.pool.query<{ page_class: string; effective_class: string }>(
      'SELECT page_class, effective_class FROM chapters WHERE book_id = $1 ORDER BY number',
      [this.#bookId],
    );
    expect(rows).toEqual(
      this.#expected.map(({ verdict, corrections }) => ({
        page_class: verdict,
        effective_class: corrections.at(-1) ?? verdict,
      })),
    );
  }

  async #checkDescriptions(): Promise<void> {
    const { rows: jobs } = await this.#track.pool.query<{
      status: string;
      gaps: unknown[];
      chapters: number[];
    }>(
      `SELECT status, gaps, ARRAY(SELECT jsonb_array_elements_text(input -> 'chapters')::integer) AS chapters
         FROM kernel.jobs WHERE subject = 'book:' || $1::bigint`,
      [this.#bookId],
    );
    const promised = jobs.filter(({ status }) => status !== 'cancelled');
    expect(promised.map(({ status, gaps }) => ({ status, gaps }))).toEqual(
      promised.map(() => ({ status: 'completed', gaps: [] })),
    );
    const { rows: sets } = await this.#track.pool.query<{
      chapter: number;
      is_wanted: boolean;
      is_whole: boolean;
    }>(
      `SELECT s.chapter, s.generation = wanted_generation(s.book_id, s.chapter) AS is_wanted,
              s.found = 1 AND d.quote = substr(c.text, 1, d.end_offset) AS is_whole
         FROM current_description_sets s
         JOIN chapters c ON c.book_id = s.book_id AND c.number = s.chapter
         LEFT JOIN descriptions d ON d.work_id = s.work_id
        WHERE s.book_id = $1`,
      [this.#bookId],
    );
    const prepared = new Set(promised.flatMap((job) => job.chapters));
    for (const preloaded of [2, 3, 4, 5, 6]) expect(prepared).toContain(preloaded);
    expect(new Set(sets.map((set) => set.chapter))).toEqual(
      new Set([...prepared, ...(await this.#chaptersOfCancelledJobs(prepared))]),
    );
    expect(sets.filter((set) => !set.is_wanted || !set.is_whole)).toEqual([]);
  }

  /** A part may be done before its job is cancelled. */
  async #chaptersOfCancelledJobs(known: ReadonlySet<number>): Promise<number[]> {
    const { rows } = await this.#track.pool.query<{ chapter: number }>(
      'SELECT DISTINCT chapter FROM description_sets WHERE book_id = $1',
      [this.#bookId],
    );
    return rows.map((row) => row.chapter).filter((number) => !known.has(number));
  }
}

/** The only refusal that a race may meet; everything else fails it. */
function onlyServicePage(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'book.service_page') return undefined;
  throw error;
}
