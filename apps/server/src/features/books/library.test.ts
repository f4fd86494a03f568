import { buffer } from 'node:stream/consumers';
import { ApiError, bookSchema, chapterSchema, routes, type Book } from '@scriptorium/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusalOf } from '../../testing.ts';
import { gatedEngine } from './gated-engine.ts';
import { endOf, fileOf, scene, startBooksServer, storyBook, tinyEpub } from './testing.ts';
import type { BooksServer } from './testing.ts';

const gated = gatedEngine();
let books: BooksServer;
beforeAll(async () => {
  books = await startBooksServer({ engine: gated.engine, slots: 20 });
});
afterAll(() => books.stop());
beforeEach(() => gated.hold());
afterEach(() => gated.release());

async function upload(file: File, client = books.ada) {
  const { book, job } = await client.call(routes.books.upload, { form: { file } });
  return { book, jobId: job!.id };
}

async function get(path: string, headers: Record<string, string> = {}) {
  return await fetch(`${books.server.url}${path}`, {
    headers: { authorization: 'Bearer ada', ...headers },
  });
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="1"/></svg>';

async function picturedBook(title: string): Promise<File> {
  const note = '<aside epub:type="footnote" id="n1"><p>A <em>small</em> note.</p></aside>';
  const page = `${scene(title)}<p><img src="face.png" alt="A face"/> and <img src="plan.svg" alt="A plan"/><a epub:type="noteref" href="#n1">1</a></p>${note}`;
  const bytes = await tinyEpub({
    title,
    pages: { One: page },
    pictures: { 'face.png': PNG, 'plan.svg': Buffer.from(SVG), 'unused.png': PNG },
    cover: 'face.png',
  });
  return fileOf(bytes, `${title}.epub`);
}

describe('the pictures of a book', () => {
  it('are where the chapter and the cover say, with what they are and nothing that could run', async () => {
    const { book } = await upload(await picturedBook('Pictured'));
    const params = { id: book.id, n: 1 };
    const chapter = await books.ada.call(routes.books.chapter, { params });
    const sources = [...chapter.html.matchAll(/src="([^"]+)"/gu)].map(([, source]) => source!);
    expect(sources).toHaveLength(2);
    const [face, plan] = await Promise.all(sources.map((source) => get(source)));
    expect(face!.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await face!.arrayBuffer())).toEqual(PNG);
    expect(plan!.headers.get('content-type')).toBe('image/svg+xml');
    expect(await plan!.text()).not.toContain('script');
    expect(Object.fromEntries(plan!.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-disposition': 'inline',
      'content-security-policy': expect.stringMatching(/default-src 'none'.*sandbox/u),
    });
    expect(book.cover_url).toBe(`/api/v1/books/${book.id}/cover`);
    const cover = await get(book.cover_url!);
    expect(Buffer.from(await cover.arrayBuffer())).toEqual(PNG);
    const etag = cover.headers.get('etag')!;
    expect((await get(book.cover_url!, { 'if-none-match': etag })).status).toBe(304);
    expect(await books.count('book_images', `book_id = ${book.id}`)).toBe(2);
  });

  it("are their owner's alone, and a book without a cover says so", async () => {
    const { book } = await upload(await picturedBook('Hidden'));
    const bare = await upload(await storyBook('Bare', 1));
    expect(bare.book).not.toHaveProperty('cover_url');
    const asBob = { authorization: 'Bearer bob' };
    const answers = await Promise.all([
      get(`/api/v1/books/${book.id}/cover`, asBob),
      get(`/api/v1/books/${book.id}/images/image-1`, asBob),
      get(`/api/v1/books/${book.id}/images/nothing`),
      get(`/api/v1/books/${bare.book.id}/cover`),
    ]);
    for (const answer of answers) {
      expect(await answer.json()).toMatchObject({ status: 404, code: 'book.image_not_found' });
    }
  });
});

describe('a chapter to read', () => {
  it('brings its notes, so that they can be shown beside the text', async () => {
    const { book } = await upload(await picturedBook('Noted'));
    const { html, notes } = await books.ada.call(routes.books.chapter, {
      params: { id: book.id, n: 1 },
    });
    expect(notes).toEqual([
      {
        id: expect.any(String),
        label: '1',
        offset: expect.any(Number),
        html: expect.stringContaining('<em>small</em>'),
      },
    ]);
    expect(html).toContain(`data-note="${notes[0]!.id}"`);
  });

  it('shows how far the work on it is, and is confirmed with 304 until something changes', async () => {
    const { book, jobId } = await upload(await storyBook('Moving', 1));
    await gated.called('Moving,', 1);
    const at = `/api/v1/books/${book.id}`;
    const moving = bookSchema.parse(await (await get(at)).json());
    expect(moving.chapters[1]!.preparation).toEqual({
      job_id: jobId,
      status: 'active',
      progress_percent: expect.any(Number),
    });
    gated.release();
    await endOf(books.ada, jobId);
    const [whole, chapter] = await Promise.all([get(at), get(`${at}/chapters/2`)]);
    expect(bookSchema.parse(await whole.json()).chapters[1]!.preparation).toBeNull();
    const before = chapterSchema.parse(await chapter.json());
    const etags = [whole, chapter].map((answer) => answer.headers.get('etag')!);
    const known = (i: number) => ({ 'if-none-match': etags[i]! });
    expect((await get(at, known(0))).status).toBe(304);
    expect((await get(`${at}/chapters/2`, known(1))).status).toBe(304);
    const params = { id: book.id, n: 2 };
    await books.ada.call(routes.books.reprocess, { params, body: { is_service_page: true } });
    expect((await get(at, known(0))).status).toBe(200);
    const changed = await get(`${at}/chapters/2`, known(1));
    expect(chapterSchema.parse(await changed.json())).toMatchObject({
      text: before.text,
      html: before.html,
      is_service_page: true,
    });
  });
});

describe('deleting a book', () => {
  const remove = (book: Book, client = books.ada) =>
    client.call(routes.books.remove, { params: { id: book.id } });
  it('stops its jobs and leaves nothing of it: no row and no work', async () => {
    const { book, jobId } = await upload(await picturedBook('Gone'));
    await gated.called('Gone', 1);
    const aborted = gated.calls.length;
    await remove(book);
    expect(await refusalOf(remove(book))).toMatchObject({ status: 404, code: 'book.not_found' });
    expect(
      await refusalOf(books.ada.call(routes.jobs.get, { params: { id: jobId } })),
    ).toMatchObject({ status: 404 });
    for (const table of ['chapters', 'book_images', 'chapter_revisions', 'description_sets']) {
      expect(await books.count(table, `book_id = ${book.id}`)).toBe(0);
    }
    await expect
      .poll(() =>
        books.count(
          'kernel.works',
          `status = 'running' AND (input ->> 'bookId')::bigint = ${book.id}`,
        ),
      )
      .toBe(0);
    expect(gated.calls).toHaveLength(aborted);
    gated.release();
    const again = await upload(await picturedBook('Gone'));
    expect(again.book.id).not.toBe(book.id);
    expect(await endOf(books.ada, again.jobId)).toBe('job.completed');
  });

  it("is its owner's right alone, and does not touch the same book of another user", async () => {
    const file = await storyBook('Shared', 1);
    const [mine, bobs] = [await upload(file), await upload(file, books.bob)];
    expect(await refusalOf(remove(mine.book, books.bob))).toMatchObject({ status: 404 });
    await remove(mine.book);
    gated.release();
    expect(await endOf(books.bob, bobs.jobId)).toBe('job.completed');
    expect(await books.count('description_sets', `book_id = ${bobs.book.id}`)).toBe(1);
  });

  it('leaves whole books or none when the same book is handed in at the same moments', async () => {
    gated.release();
    const file = await storyBook('Contested', 2);
    const { book } = await upload(file);
    const again = () => books.ada.call(routes.books.upload, { form: { file } });
    const calls = [remove(book), again(), again(), remove(book), again()];
    const refusals = await Promise.all(
      calls.map((call) =>
        call.then(
          () => undefined,
          (error: unknown) => codeOf(error),
        ),
      ),
    );
    for (const code of refusals) {
      expect([undefined, 'book.not_found', 'book.deleted_meanwhile']).toContain(code);
    }
    const { book: last, jobId } = await upload(file);
    expect(await endOf(books.ada, jobId)).toBe('job.completed');
    await books.kernel.sweep();
    expect(await originalOf(last)).toEqual(Buffer.from(await file.arrayBuffer()));
    expect(await books.count('books', `title = 'Contested'`)).toBe(1);
  });
});

async function originalOf(book: Book): Promise<Buffer> {
  const { rows } = await books.pool.query<{ original_id: string; owner_id: number }>(
    'SELECT original_id, owner_id FROM books WHERE id = $1',
    [book.id],
  );
  const original = await books.kernel.openArtifact(rows[0]!.original_id, rows[0]!.owner_id);
  return await buffer(await original.read());
}

function codeOf(error: unknown): string {
  return error instanceof ApiError ? error.code : String(error);
}
