import { routes, type Book } from '@scriptorium/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusalOf } from '../../testing.ts';
import { gatedEngine } from './gated-engine.ts';
import { undoReprocess } from './steps/reprocess-chapter.ts';
import { endOf, startBooksServer, storyBook, type BooksServer } from './testing.ts';

const gated = gatedEngine();
let books: BooksServer;
beforeAll(async () => {
  books = await startBooksServer({ engine: gated.engine, slots: 20 });
});
afterAll(() => books.stop());
beforeEach(() => gated.hold());
afterEach(() => gated.release());

/** A book with its preload done: chapter 1 is a service page, 2 to 6 are ready. */
async function readyBook(title: string, chapters: number): Promise<Book> {
  gated.release();
  const file = await storyBook(title, chapters);
  const { book, job } = await books.ada.call(routes.books.upload, { form: { file } });
  await endOf(books.ada, job!.id);
  gated.hold();
  return book;
}

const reprocess = (book: Book, n: number, body?: { is_service_page: boolean }) =>
  books.ada.call(routes.books.reprocess, {
    params: { id: book.id, n },
    ...(body === undefined ? {} : { body }),
  });
const undo = (book: Book, n: number) =>
  books.ada.call(routes.books.undoReprocess, { params: { id: book.id, n } });
const prepare = (book: Book) => books.ada.call(routes.books.prepare, { params: { id: book.id } });
const show = (book: Book, n: number) =>
  books.ada.call(routes.books.descriptions, { params: { id: book.id, n }, query: {} });
const idsOf = (found: { descriptions: { id: number }[] }) => found.descriptions.map(({ id }) => id);
const runs = (beginning: string) => gated.calls.filter((text) => text.startsWith(beginning)).length;

describe('a chapter that is prepared anew', () => {
  it('shows what it had until the new version is there, and then that', async () => {
    const book = await readyBook('Anew', 1);
    const before = idsOf(await show(book, 2));
    const { job, chapter } = await reprocess(book, 2);
    expect(chapter).toMatchObject({
      status: 'ready',
      preparation: { job_id: job!.id },
      can_undo: true,
    });
    await gated.called('Anew,', 2);
    const during = await show(book, 2);
    expect([idsOf(during), during.status, during.job?.id]).toEqual([before, 'ready', job!.id]);
    gated.release();
    expect(await endOf(books.ada, job!.id)).toBe('job.completed');
    const after = idsOf(await show(book, 2));
    expect(after).toHaveLength(before.length);
    expect(after).not.toEqual(before);
    expect(await books.count('description_sets', `book_id = ${book.id}`)).toBe(2);
  });

  it('gets one new version, however often its reader clicks', async () => {
    const book = await readyBook('Eager', 1);
    const asked = await Promise.all(Array.from({ length: 6 }, () => reprocess(book, 2)));
    expect(new Set(asked.map(({ job }) => job!.id)).size).toBe(1);
    gated.release();
    await endOf(books.ada, asked[0]!.job!.id);
    expect(runs('Eager,')).toBe(2);
  });

  it('goes back to the version before, and never takes an undone one for a new one', async () => {
    const book = await readyBook('Back', 1);
    const first = idsOf(await show(book, 2));
    gated.release();
    await endOf(books.ada, (await reprocess(book, 2)).job!.id);
    const second = idsOf(await show(book, 2));
    expect(await undo(book, 2)).toMatchObject({ can_undo: false, status: 'ready' });
    expect(idsOf(await show(book, 2))).toEqual(first);
    await endOf(books.ada, (await reprocess(book, 2)).job!.id);
    expect(idsOf(await show(book, 2))).not.toEqual(second);
    expect(runs('Back,')).toBe(3);
  });

  it('is not prepared any more once that is undone, and keeps what it had', async () => {
    const book = await readyBook('Stopped', 1);
    const before = idsOf(await show(book, 2));
    const { job } = await reprocess(book, 2);
    await gated.called('Stopped,', 2);
    expect(await undo(book, 2)).toMatchObject({ status: 'ready', preparation: null });
    expect(await endOf(books.ada, job!.id)).toBe('job.cancelled');
    gated.release();
    expect(idsOf(await show(book, 2))).toEqual(before);
    expect(await refusalOf(undo(book, 2))).toMatchObject({
      status: 409,
      code: 'book.nothing_to_undo',
    });
  });

  it('loses one version when the undo of that one is run twice', async () => {
    const book = await readyBook('Rerun', 1);
    gated.release();
    for (let i = 0; i < 2; i += 1) await endOf(books.ada, (await reprocess(book, 2)).job!.id);
    const { owner_id: ownerId } = await books.kernel.job(book.job_id!, null);
    const request = { bookId: book.id, chapter: 2, ownerId, revision: 2 };
    const runTwice = () =>
      books.kernel.transaction((tx) => undoReprocess(tx, books.kernel, request));
    expect([await runTwice(), await runTwice()]).toEqual([{ isCorrection: false }, undefined]);
    expect(
      await books.count(
        'chapter_revisions',
        `book_id = ${book.id} AND number = 1 AND undone_at IS NULL`,
      ),
    ).toBe(1);
  });
});

describe('a correction', () => {
  it('makes a chapter of a service page and has it prepared, and can be undone', async () => {
    const book = await readyBook('Imprint', 1);
    expect(await refusalOf(reprocess(book, 1))).toMatchObject({
      status: 409,
      code: 'book.service_page',
    });
    gated.release();
    const { job, chapter } = await reprocess(book, 1, { is_service_page: false });
    expect(chapter).toMatchObject({
      page_class: 'chapter',
      is_corrected: true,
      is_service_page: false,
    });
    expect(await endOf(books.ada, job!.id)).toBe('job.completed');
    expect((await show(book, 1)).status).toBe('ready');
    expect(await undo(book, 1)).toMatchObject({
      page_class: 'service',
      is_corrected: false,
      status: 'skipped',
    });
    expect(await show(book, 1)).toMatchObject({ status: 'skipped', descriptions: [] });
  });

  it('hides what was found in a page that is none to read, and undoing it shows it again', async () => {
    const book = await readyBook('Advert', 1);
    const before = idsOf(await show(book, 2));
    expect(await reprocess(book, 2, { is_service_page: true })).toMatchObject({
      job: null,
      chapter: { status: 'skipped', is_service_page: true, descriptions_found: 0 },
    });
    const error = await refusalOf(reprocess(book, 2));
    expect(error).toMatchObject({ code: 'book.service_page' });
    expect(error.message).toContain('is_service_page');
    await undo(book, 2);
    expect(idsOf(await show(book, 2))).toEqual(before);
  });

  it('leaves the verdict of the file as it was, and is written with a revision or not at all', async () => {
    const book = await readyBook('Kept', 1);
    await reprocess(book, 2, { is_service_page: true });
    expect(
      await books.count(
        'chapters',
        `book_id = ${book.id} AND number = 2 AND page_class = 'chapter'`,
      ),
    ).toBe(1);
    await expect(
      books.pool.query(
        `UPDATE chapters SET page_class_override = 'matter' WHERE book_id = $1 AND number = 2`,
        [book.id],
      ),
    ).rejects.toThrow('written with its revision');
    expect(await reprocess(book, 2, { is_service_page: true })).toMatchObject({ job: null });
    expect(await books.count('chapter_revisions', `book_id = ${book.id}`)).toBe(1);
  });

  it('that is undone leaves the work alone that was under way for somebody else', async () => {
    gated.release();
    const file = await storyBook('Joined', 6);
    const { book, job } = await books.ada.call(routes.books.upload, { form: { file } });
    await endOf(books.ada, job!.id);
    gated.hold();
    const params = { id: book.id, n: 7 };
    const opened = await books.ada.call(routes.books.extractDescriptions, { params });
    await reprocess(book, 7, { is_service_page: true });
    const corrected = await reprocess(book, 7, { is_service_page: false });
    expect(corrected.job!.id).toBe(opened.job!.id);
    await undo(book, 7);
    await undo(book, 7);
    gated.release();
    expect(await endOf(books.ada, opened.job!.id)).toBe('job.completed');
    expect((await show(book, 7)).status).toBe('ready');
  });

  it('is refused to whom the book does not belong, and to a key that may only read', async () => {
    const book = await readyBook('Foreign', 1);
    const params = { id: book.id, n: 1 };
    const body = { is_service_page: false };
    const reader = books.server.client('reader');
    const refusals = await Promise.all([
      refusalOf(books.bob.call(routes.books.reprocess, { params, body })),
      refusalOf(books.bob.call(routes.books.undoReprocess, { params })),
      refusalOf(books.bob.call(routes.books.prepare, { params })),
      refusalOf(reader.call(routes.books.reprocess, { params, body })),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual([404, 404, 404, 403]);
    expect(await books.count('chapter_revisions', `book_id = ${book.id}`)).toBe(0);
  });

  it('is counted with its source, like every other write of a chapter and every refusal', async () => {
    const count = (source: string, outcome: string) =>
      books.writes
        .counts()
        .filter((each) => each.labels['source'] === source && each.labels['outcome'] === outcome)
        .reduce((sum, each) => sum + each.count, 0);
    const before = {
      corrections: count('correction', 'written'),
      refusals: count('request', 'refused'),
    };
    const [uploads, sets] = [count('upload', 'written'), count('worker', 'written')];
    const book = await readyBook('Counted', 2);
    expect(count('upload', 'written') - uploads).toBe(3);
    await expect.poll(() => count('worker', 'written') - sets).toBe(2);
    await reprocess(book, 2, { is_service_page: true });
    await refusalOf(reprocess(book, 2));
    expect(count('correction', 'written') - before.corrections).toBe(1);
    expect(count('request', 'refused') - before.refusals).toBe(1);
  });
});

describe('preparing the rest of a book', () => {
  it('is one job for all that is not ready, which joins what is under way', async () => {
    const book = await readyBook('Rest', 8);
    const opened = await books.ada.call(routes.books.extractDescriptions, {
      params: { id: book.id, n: 7 },
    });
    await gated.called('Rest, part 6', 1);
    const [first, again] = await Promise.all([prepare(book), prepare(book)]);
    expect(first.chapters).toEqual([7, 8, 9]);
    expect(again.job!.id).toBe(first.job!.id);
    gated.release();
    expect(await endOf(books.ada, first.job!.id)).toBe('job.completed');
    expect(await endOf(books.ada, opened.job!.id)).toBe('job.completed');
    expect(runs('Rest,')).toBe(8);
    const { rows } = await books.pool.query<{ class: string }>(
      'SELECT class FROM kernel.jobs WHERE id = $1',
      [first.job!.id],
    );
    expect(rows).toEqual([{ class: 'bulk' }]);
    expect(await prepare(book)).toEqual({ chapters: [], job: null });
  });
});
