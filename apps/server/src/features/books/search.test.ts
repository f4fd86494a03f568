import { routes } from '@scriptorium/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOf } from '../../testing.ts';
import { fileOf, startBooksServer, tinyEpub } from './testing.ts';
import type { BooksServer } from './testing.ts';

let books: BooksServer;
let bookId: number;
beforeAll(async () => {
  books = await startBooksServer();
  const pages = {
    One: '<p>It’s the 😀 mill (old): “Stop here”, said Ada.</p><p>Ёлка у реки.</p>',
    Two: '<p>No mill stood there.</p>',
    Long: `<p>${'wherever '.repeat(20)}lighthouse${' thereafter'.repeat(20)}</p>`,
    Unspaced: `<p>${'燈😀'.repeat(60)}harbour${'😀燈'.repeat(60)}</p>`,
    ...Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`More ${i}`, `<p>Page ${i}: the river.</p>`]),
    ),
  };
  const file = fileOf(await tinyEpub({ title: 'Searched', pages }), 'searched.epub');
  bookId = (await books.ada.call(routes.books.upload, { form: { file } })).book.id;
});
afterAll(() => books.stop());

async function search(q: string, limit = 100) {
  const { hits, has_more } = await books.ada.call(routes.books.search, {
    params: { id: bookId },
    query: { q, limit },
  });
  return { matches: hits.map(({ chapter, match }) => `${chapter}: ${match}`), hits, has_more };
}

describe('the search in a book', () => {
  it('finds words in every chapter, in the order of the text, whatever their case', async () => {
    expect((await search('MILL')).matches).toEqual(['1: mill', '2: mill']);
    expect((await search('ёЛКА У реки')).matches).toEqual(['1: Ёлка у реки']);
    expect((await search('the river')).matches).toHaveLength(20);
  });

  it('gives the place as offsets into the text that the reader is shown', async () => {
    const [hit] = (await search('mill (old)')).hits;
    const chapter = await books.ada.call(routes.books.chapter, { params: { id: bookId, n: 1 } });
    expect(chapter.text.slice(hit!.start, hit!.end)).toBe('mill (old)');
    expect(chapter.text).toContain(hit!.before + hit!.match + hit!.after);
  });

  it('shows whole words around a find, and where the text goes on', async () => {
    const [hit] = (await search('lighthouse')).hits;
    expect(hit?.before).toBe(`…${'wherever '.repeat(6)}`);
    expect(hit?.after).toBe(`${' thereafter'.repeat(5)}…`);
    const [short] = (await search('No mill stood')).hits;
    expect(short).toMatchObject({ before: expect.not.stringContaining('…'), after: ' there.' });
  });

  it('cuts a text without spaces between its characters', async () => {
    const [hit] = (await search('harbour')).hits;
    expect(hit?.before).toMatch(/^…(?:😀|燈)+$/u);
    expect(hit?.after).toMatch(/^(?:😀|燈)+…$/u);
    expect(hit?.before.length).toBeGreaterThan(50);
  });

  it('takes the marks of a keyboard for those of a typesetter, and signs for themselves', async () => {
    expect((await search(`it's  the`)).matches).toEqual(['1: It’s the']);
    expect((await search('"stop')).matches).toEqual(['1: “Stop']);
    expect((await search('.*')).matches).toEqual([]);
  });

  it('says that there is more than was asked for', async () => {
    expect(await search('river', 5)).toMatchObject({ has_more: true, hits: { length: 5 } });
    expect(await search('river', 20)).toMatchObject({ has_more: false, hits: { length: 20 } });
  });

  it('refuses a single letter, and the book of somebody else', async () => {
    expect(await refusalOf(search('a'))).toMatchObject({ status: 400 });
    const asBob = books.bob.call(routes.books.search, {
      params: { id: bookId },
      query: { q: 'mill' },
    });
    expect(await refusalOf(asBob)).toMatchObject({ code: 'book.not_found' });
  });
});
