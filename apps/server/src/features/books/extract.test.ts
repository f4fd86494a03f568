import { descriptionsSchema, routes, type Book } from '@scriptorium/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusalOf } from '../../testing.ts';
import { gatedEngine } from './gated-engine.ts';
import { endOf, startBooksServer, storyBook, type BooksServer } from './testing.ts';

const gated = gatedEngine();
let books: BooksServer;
beforeAll(async () => {
  books = await startBooksServer({ engine: gated.engine, slots: 50 });
});
afterAll(() => books.stop());
beforeEach(() => gated.hold());
afterEach(() => gated.release());

async function upload(title: string, chapters: number, language = 'en') {
  const file = await storyBook(title, chapters, language);
  const { book, job } = await books.ada.call(routes.books.upload, { form: { file } });
  return { book, jobId: job!.id };
}

const extract = (book: Book, n: number, headers: Record<string, string> = {}) =>
  books.ada.call(routes.books.extractDescriptions, { params: { id: book.id, n }, headers });

const show = (book: Book, n: number) =>
  books.ada.call(routes.books.descriptions, { params: { id: book.id, n }, query: {} });

/** The same over plain HTTP, where status and headers can be seen. */
async function get(book: Book, n: number, query = '', headers: Record<string, string> = {}) {
  return await fetch(
    `${books.server.url}/api/v1/books/${book.id}/chapters/${n}/descriptions${query}`,
    { headers: { authorization: 'Bearer ada', ...headers } },
  );
}

const bodyOf = async (response: Response) => descriptionsSchema.parse(await response.json());

const worksOf = (book: Book) => `kind = 'chunk' AND (input ->> 'bookId')::bigint = ${book.id}`;

describe('a chapter that is preloaded and asked for at the same moment', () => {
  it('is prepared by one attempt of one work, for a job each', async () => {
    const { book, jobId } = await upload('Race', 5);
    await gated.called('Race,', 1);
    const asked = await Promise.all([2, 3, 4, 5, 6].map((n) => extract(book, n)));
    const own = asked.map(({ job }) => job!.id);
    expect(new Set([jobId, ...own]).size).toBe(6);
    gated.release();
    const ends = await Promise.all([jobId, ...own].map((id) => endOf(books.ada, id)));
    expect(new Set(ends)).toEqual(new Set(['job.completed']));
    expect(await books.count('kernel.works', worksOf(book))).toBe(5);
    expect(
      await books.count(
        'kernel.attempts',
        `work_id IN (SELECT id FROM kernel.works WHERE ${worksOf(book)})`,
      ),
    ).toBe(5);
    expect(gated.calls.filter((text) => text.startsWith('Race,'))).toHaveLength(5);
    expect(await books.count('description_sets', `book_id = ${book.id}`)).toBe(5);
    const { descriptions } = await show(book, 2);
    expect(
      await books.count(
        'descriptions',
        `work_id = (SELECT work_id FROM description_sets WHERE book_id = ${book.id} AND chapter = 2)`,
      ),
    ).toBe(descriptions.length);
  });

  it('gets one job, however often its reader clicks', async () => {
    const { book } = await upload('Clicks', 6);
    const asked = await Promise.all(Array.from({ length: 8 }, () => extract(book, 7)));
    expect(new Set(asked.map(({ job }) => job!.id)).size).toBe(1);
    expect(await books.count('kernel.jobs', `subject = 'book:${book.id}'`)).toBe(2);
  });
});

describe('asking for descriptions', () => {
  it('starts nothing unless it is asked to', async () => {
    const { book } = await upload('Quiet', 6);
    expect(await show(book, 7)).toMatchObject({ status: 'waiting', descriptions: [], job: null });
    expect(await books.count('kernel.jobs', `subject = 'book:${book.id}'`)).toBe(1);
  });

  it('is answered at once with a job, or after the wait that the caller prefers', async () => {
    const { book } = await upload('Patience', 6);
    const first = await get(book, 7, '?extract_new=true');
    const { status, job } = await bodyOf(first);
    expect([first.status, status]).toEqual([202, 'preparing']);
    expect(first.headers.get('location')).toBe(`/api/v1/jobs/${job!.id}`);
    const waiting = get(book, 7, '?extract_new=true', { prefer: 'respond-async, wait=20' });
    gated.release();
    const second = await waiting;
    expect(second.status).toBe(200);
    expect(second.headers.get('preference-applied')).toBe('wait=20');
    const found = await bodyOf(second);
    expect(found.status).toBe('ready');
    expect(found.descriptions.length).toBeGreaterThan(0);
    expect((await get(book, 7, '?extract_new=true')).status).toBe(200);
    expect(await books.count('kernel.jobs', `subject = 'book:${book.id}'`)).toBe(2);
  });

  it('gives up waiting when the preferred time is over, and the work goes on', async () => {
    const { book } = await upload('Short', 6);
    const response = await get(book, 7, '?extract_new=true', { prefer: 'wait=1' });
    expect(response.status).toBe(202);
    const { job } = await bodyOf(response);
    gated.release();
    expect(await endOf(books.ada, job!.id)).toBe('job.completed');
  });

  it('is refused to a key that may only read, and to a prefetch', async () => {
    const { book } = await upload('Guarded', 6);
    const asReader = { authorization: 'Bearer reader' };
    const reader = await get(book, 7, '?extract_new=true', asReader);
    expect(await reader.json()).toMatchObject({ status: 403, code: 'auth.forbidden' });
    const prefetch = await get(book, 7, '?extract_new=true', { 'sec-purpose': 'prefetch' });
    expect(await prefetch.json()).toMatchObject({ status: 403, code: 'request.prefetch' });
    expect((await get(book, 7, '', asReader)).status).toBe(200);
    expect(await refusalOf(extract(book, 99))).toMatchObject({ code: 'book.chapter_not_found' });
    expect(await books.count('kernel.jobs', `subject = 'book:${book.id}'`)).toBe(1);
  });

  it('says why nothing can be found in a language that nobody here reads', async () => {
    gated.release();
    const { book, jobId } = await upload('Langue', 1, 'eo');
    expect(await endOf(books.ada, jobId)).toBe('job.failed');
    const { status, job } = await show(book, 2);
    expect(status).toBe('failed');
    expect(job!.chunk_results[0]!.error).toMatchObject({ code: 'llm.no_offline_lexicon' });
  });
});

describe('the descriptions that a chapter shows', () => {
  it('are the newest version, even if an older one is finished later', async () => {
    const { book, jobId } = await upload('Versions', 1);
    await gated.called('Versions,', 1);
    // As if its set had been there when somebody asked for another one: the wanted version is a newer one.
    await books.pool.query(
      `INSERT INTO chapter_revisions (book_id, chapter, number, generation) VALUES ($1, 2, 1, 1)`,
      [book.id],
    );
    const old = gated.hold();
    const { job } = await extract(book, 2);
    await gated.called('Versions,', 2);
    gated.release();
    expect(await endOf(books.ada, job!.id)).toBe('job.completed');
    const { descriptions } = await show(book, 2);
    old();
    expect(await endOf(books.ada, jobId)).toBe('job.completed');
    expect(await books.count('description_sets', `book_id = ${book.id}`)).toBe(2);
    expect((await show(book, 2)).descriptions).toEqual(descriptions);
  });

  it('are confirmed with 304 for as long as they are the current ones', async () => {
    gated.release();
    const { book, jobId } = await upload('Tagged', 1);
    await endOf(books.ada, jobId);
    const etag = (await get(book, 2)).headers.get('etag')!;
    const same = await get(book, 2, '', { 'if-none-match': `"x", W/${etag}` });
    expect([same.status, await same.text()]).toEqual([304, '']);
    expect(same.headers.get('etag')).toBe(etag);
    const params = { id: book.id, n: 2 };
    const { job } = await books.ada.call(routes.books.reprocess, { params });
    await endOf(books.ada, job!.id);
    const changed = await get(book, 2, '', { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });
});

describe('an upload whose transaction fails', () => {
  it('leaves no book, no chapter, no job and no task', async () => {
    const counts = () =>
      Promise.all(
        ['books', 'chapters', 'kernel.jobs', 'kernel.works', 'pgboss.job'].map((table) =>
          books.count(table),
        ),
      );
    const before = await counts();
    // The job's first event is the last row an upload writes: everything else is written by then.
    await books.pool.query(`
      CREATE FUNCTION break_events() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
      CREATE TRIGGER broken BEFORE INSERT ON kernel.events FOR EACH STATEMENT EXECUTE FUNCTION break_events()`);
    const file = await storyBook('Broken', 3);
    const error = await refusalOf(books.ada.call(routes.books.upload, { form: { file } }));
    await books.pool.query('DROP FUNCTION break_events CASCADE');
    expect(error).toMatchObject({ status: 503, code: 'server.error' });
    expect(await counts()).toEqual(before);
    const { job } = await books.ada.call(routes.books.upload, { form: { file } });
    gated.release();
    expect(await endOf(books.ada, job!.id)).toBe('job.completed');
  });
});
