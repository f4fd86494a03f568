import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { routes, type Book } from '@scriptorium/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOf } from '../../testing.ts';
import { endOf, fileOf, SCENE, startBooksServer, storyBook, tinyEpub } from './testing.ts';
import type { BooksServer } from './testing.ts';

let books: BooksServer;
beforeAll(async () => {
  books = await startBooksServer();
});
afterAll(() => books.stop());

async function upload(file: File, client = books.ada) {
  return await client.call(routes.books.upload, { form: { file } });
}

const chaptersOf = (book: Book, status: string) =>
  book.chapters.filter((chapter) => chapter.status === status).map(({ number }) => number);

describe('an uploaded book', () => {
  it('is readable at once, and its first five real chapters are prepared', async () => {
    const { book, job } = await upload(await storyBook('The House', 7));
    expect(book).toMatchObject({
      title: 'The House',
      authors: ['A. Writer'],
      format: 'epub',
      is_parsed: true,
      toc_source: 'nav',
    });
    expect(book.chapters.map(({ page_class }) => page_class)).toEqual([
      'service',
      ...Array.from({ length: 7 }, () => 'chapter'),
    ]);
    expect(job).toMatchObject({ pipeline: 'books', subject: `book:${book.id}` });
    expect(await endOf(books.ada, job!.id)).toBe('job.completed');
    const after = await books.ada.call(routes.books.get, { params: { id: book.id } });
    expect(chaptersOf(after, 'skipped')).toEqual([1]);
    expect(chaptersOf(after, 'ready')).toEqual([2, 3, 4, 5, 6]);
    expect(chaptersOf(after, 'waiting')).toEqual([7, 8]);
    expect(after).toMatchObject({ is_processing: false, job_id: job!.id });
    const done = await books.ada.call(routes.jobs.get, { params: { id: job!.id } });
    expect(done).toMatchObject({ status: 'completed', progress_percent: 100, gaps: [] });
    expect(done.chunk_results[0]).toMatchObject({ label: 'Chapter 2: Part 1', status: 'done' });
  });

  it('has descriptions that are exactly what stands at their offsets', async () => {
    const { book, job } = await upload(await storyBook('Ямб и 🏰', 1));
    await endOf(books.ada, job!.id);
    const params = { id: book.id, n: 2 };
    const chapter = await books.ada.call(routes.books.chapter, { params });
    const found = await books.ada.call(routes.books.descriptions, { params, query: {} });
    expect(found).toMatchObject({
      status: 'ready',
      engine_label: 'offline rules, no model',
      job: null,
    });
    expect(found.descriptions.length).toBeGreaterThan(0);
    expect(chapter.descriptions_found).toBe(found.descriptions.length);
    expect(chapter.text).toContain('🏰');
    for (const { start, end, quote, engine } of found.descriptions) {
      expect(chapter.text.slice(start, end)).toBe(quote);
      expect(engine).toBe(found.engine);
    }
    expect(chapter.html).toContain('<p data-start=');
  });

  it('is prepared even if it does not name its language, as a plain text never does', async () => {
    const text = `CHAPTER I\n\n${SCENE}\n\n${SCENE}\n\nCHAPTER II\n\n${SCENE}\n\n${SCENE}\n`;
    const { book, job } = await upload(fileOf(Buffer.from(text), 'The Lane.txt'));
    expect(book).toMatchObject({ title: 'The Lane', format: 'txt', language: 'en' });
    expect(book.warnings.map(({ code }) => code)).toContain('language.guessed');
    expect(await endOf(books.ada, job!.id)).toBe('job.completed');
  });

  it('is recognised when it comes again, and is another book for another user', async () => {
    const file = await storyBook('Twice', 1);
    const first = await upload(file);
    const again = await fetch(`${books.server.url}/api/v1/books/upload`, {
      method: 'POST',
      headers: { authorization: 'Bearer ada' },
      body: formOf(new File([file], 'another name.epub')),
    });
    expect(again.status).toBe(200);
    expect(await again.json()).toMatchObject({
      book: { id: first.book.id },
      job: { id: first.job!.id },
    });
    const bobs = await upload(file, books.bob);
    expect(bobs.book.id).not.toBe(first.book.id);
    expect(await books.count('books', `title = 'Twice'`)).toBe(2);
  });

  it('makes one book and one job of ten uploads at the same moment', async () => {
    const file = await storyBook('Ten Times', 1);
    const answers = await Promise.all(Array.from({ length: 10 }, () => upload(file)));
    expect(new Set(answers.map(({ book }) => book.id)).size).toBe(1);
    expect(await books.count('kernel.jobs', `subject = 'book:${answers[0]!.book.id}'`)).toBe(1);
  });

  it('is listed newest first, page by page', async () => {
    const third = await upload(await storyBook('Listed 1', 1), books.bob);
    const second = await upload(await storyBook('Listed 2', 1), books.bob);
    await endOf(books.bob, second.job!.id);
    const page = await books.bob.call(routes.books.list, { query: { limit: 1 } });
    expect(page).toMatchObject({
      books: [{ id: second.book.id, chapters_total: 2, chapters_ready: 1 }],
      next_before: second.book.id,
    });
    const rest = await books.bob.call(routes.books.list, {
      query: { limit: 1, before: page.next_before! },
    });
    expect(rest.books.map(({ id }) => id)).toEqual([third.book.id]);
  });

  it('does not exist for another user', async () => {
    const { book, job } = await upload(await storyBook('Private', 1));
    const params = { id: book.id, n: 2 };
    const refusals = await Promise.all([
      refusalOf(books.bob.call(routes.books.get, { params })),
      refusalOf(books.bob.call(routes.books.chapter, { params })),
      refusalOf(books.bob.call(routes.books.descriptions, { params, query: {} })),
      refusalOf(books.bob.call(routes.books.extractDescriptions, { params })),
      refusalOf(books.bob.call(routes.jobs.get, { params: { id: job!.id } })),
      refusalOf(books.bob.call(routes.jobs.cancel, { params: { id: job!.id } })),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
    expect(await books.count('kernel.jobs', `subject = 'book:${book.id}'`)).toBe(1);
  });
});

describe('a file that is no book', () => {
  it.each([
    ['an empty one', () => fileOf(new Uint8Array(), 'x.epub'), 422, 'document.empty'],
    [
      'a PDF',
      () => fileOf(Buffer.from('%PDF-1.7 x'), 'x.epub'),
      415,
      'document.unsupported_format',
    ],
    [
      'half a zip',
      async () =>
        fileOf(Buffer.from(await (await storyBook('Half', 3)).bytes()).subarray(0, 700), 'x.epub'),
      422,
      'document.damaged_archive',
    ],
    [
      'an archive that unpacks to 100 MB',
      async () =>
        fileOf(
          await tinyEpub({ title: 'Bomb', pages: { One: 'x'.repeat(100_000_000) } }),
          'x.epub',
        ),
      422,
      'document.zip_bomb',
    ],
    [
      'one above the limit',
      () => fileOf(new Uint8Array(2_100_000), 'x.epub'),
      413,
      'request.too_large',
    ],
  ])('is refused before anything is stored: %s', async (_, make, status, code) => {
    const before = await books.count('books');
    const error = await refusalOf(upload(await make()));
    expect(error).toMatchObject({ status, code });
    expect(await books.count('books')).toBe(before);
    expect(await readdir(path.join(books.dataDir, 'tmp'))).toEqual([]);
  });

  it('tells the limit and the way out of a file that is too large', async () => {
    const error = await refusalOf(upload(fileOf(new Uint8Array(2_000_001), 'x.epub')));
    expect(error.message).toMatch(/larger than 2 MB.*UPLOAD_MAX_MB/u);
  });

  it('is asked for in a form', async () => {
    const empty = new FormData();
    empty.set('title', 'x');
    const response = await fetch(`${books.server.url}/api/v1/books/upload`, {
      method: 'POST',
      headers: { authorization: 'Bearer ada' },
      body: empty,
    });
    expect(await response.json()).toMatchObject({ status: 400, code: 'book.no_file' });
  });

  it('leaves no temporary file when its sender gives up half way', async () => {
    const controller = new AbortController();
    let sent: () => void = () => {};
    const firstHalf = new Promise<void>((resolve) => (sent = resolve));
    const body = new ReadableStream({
      async pull(stream) {
        stream.enqueue(
          Buffer.from(
            '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\nhalf',
          ),
        );
        sent();
        await new Promise(() => {});
      },
    });
    const init = {
      method: 'POST',
      headers: { authorization: 'Bearer ada', 'content-type': 'multipart/form-data; boundary=b' },
      body,
      duplex: 'half',
      signal: controller.signal,
    };
    const request = fetch(`${books.server.url}/api/v1/books/upload`, init);
    await firstHalf;
    await expect.poll(() => readdir(path.join(books.dataDir, 'tmp'))).toHaveLength(1);
    controller.abort();
    await expect(request).rejects.toThrow('aborted');
    await expect.poll(() => readdir(path.join(books.dataDir, 'tmp'))).toEqual([]);
  });
});

describe('the verdict on a page', () => {
  it('is written with the chapter, and by nobody afterwards', async () => {
    const { book } = await upload(await storyBook('Verdict', 2));
    const change = (assignment: string) =>
      books.pool.query(`UPDATE chapters SET ${assignment} WHERE book_id = $1`, [book.id]);
    await expect(change(`page_class = 'chapter'`)).rejects.toThrow('written once');
    await expect(change(`text = 'x', text_hash = repeat('0', 64)`)).rejects.toThrow('written once');
    await expect(
      books.pool.query(
        `INSERT INTO chapters (book_id, number, title, path, content, notes, text, text_hash, words, page_class, page_class_reason)
         SELECT book_id, 99, title, path, content, notes, text, text_hash, words, NULL, page_class_reason
           FROM chapters WHERE book_id = $1 AND number = 1`,
        [book.id],
      ),
    ).rejects.toThrow('page_class');
  });

  it('refuses to prepare a service page, until somebody corrects it', async () => {
    const { book } = await upload(await storyBook('Corrected', 1));
    const params = { id: book.id, n: 1 };
    expect(book.chapters[0]).toMatchObject({ page_class: 'service', is_service_page: true });
    const error = await refusalOf(books.ada.call(routes.books.extractDescriptions, { params }));
    expect(error).toMatchObject({ status: 409, code: 'book.service_page' });
    expect(error.message).toContain(book.chapters[0]!.service_page_reason);
    const { job } = await books.ada.call(routes.books.reprocess, {
      params,
      body: { is_service_page: false },
    });
    const corrected = await books.ada.call(routes.books.chapter, { params });
    expect(corrected).toMatchObject({ page_class: 'chapter', is_service_page: false });
    expect(await endOf(books.ada, job!.id)).toBe('job.completed');
    const prepared = await books.ada.call(routes.books.chapter, { params });
    expect(prepared).toMatchObject({ status: 'ready' });
  });
});

function formOf(file: File): FormData {
  const form = new FormData();
  form.set('file', file);
  return form;
}
