import { randomUUID } from 'node:crypto';
import { routes, type Book, type Client, type ReadingDevice } from '@scriptorium/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { query } from '../../platform/database.ts';
import { refusalOf } from '../../testing.ts';
import { startBooksServer, storyBook, type BooksServer } from './testing.ts';

let books: BooksServer;
let book: Book;
let params: { id: number };
let phone: ReadingDevice;
let desk: ReadingDevice;
let number = 0;
beforeAll(async () => {
  books = await startBooksServer();
});
afterAll(() => books.stop());
beforeEach(async () => {
  const file = await storyBook(`Read ${(number += 1)}`, 3);
  ({ book } = await books.ada.call(routes.books.upload, { form: { file } }));
  params = { id: book.id };
  phone = { id: randomUUID(), label: 'Firefox · Android' };
  desk = { id: randomUUID(), label: 'Chrome · Linux' };
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

const at = (moment: string, chapter = 2, offset = 0) => ({ chapter, offset, at: moment });

function record(device: ReadingDevice, positions: ReturnType<typeof at>[], client = books.ada) {
  return client.call(routes.books.recordPositions, { params, body: { device, positions } });
}

async function lastOnes(client: Client = books.ada) {
  const { positions } = await client.call(routes.books.positions, { params });
  return positions;
}

const kept = () => books.count('reading_positions', `book_id = ${book.id}`);

describe('the positions of a reader', () => {
  it('are shown as the last one of each device, newest first, with the share of the book', async () => {
    expect(await lastOnes()).toEqual([]);
    const [first, second, third] = [ago(3 * HOUR), ago(2 * HOUR), ago(HOUR)];
    await record(phone, [at(first, 4, 10), at(second, 3, 5)]);
    await record(desk, [at(third, 1, 0)]);
    expect(await lastOnes()).toEqual([
      { device: desk, chapter: 1, offset: 0, share: 0, at: third },
      { device: phone, chapter: 3, offset: 5, share: expect.any(Number), at: second },
    ]);
    const { share } = (await lastOnes())[1]!;
    const before = book.chapters[0]!.words + book.chapters[1]!.words;
    expect(share).toBeGreaterThan(before / book.words);
    expect(share).toBeLessThan((before + book.chapters[2]!.words) / book.words);
  });

  it('may come late and in any order: what was read last counts, not what was sent last', async () => {
    const [earlier, later] = [ago(2 * HOUR), ago(HOUR)];
    await record(phone, [at(later, 4, 7)]);
    await record(phone, [at(earlier, 2, 3)]);
    expect(await lastOnes()).toMatchObject([{ chapter: 4, offset: 7, at: later }]);
    expect(await kept()).toBe(2);
  });

  it('that are sent twice are there once, and the first word stands', async () => {
    const moment = ago(HOUR);
    await record(phone, [at(moment, 3, 9), at(moment, 3, 9)]);
    await record(phone, [at(moment, 3, 9)]);
    await record(phone, [at(moment, 4, 1)]);
    expect(await kept()).toBe(1);
    expect(await lastOnes()).toMatchObject([{ chapter: 3, offset: 9 }]);
  });

  it('of a device whose clock is ahead are not newer than when they came', async () => {
    await record(phone, [at(ago(-10 * DAY), 2), at(ago(-11 * DAY), 3)]);
    await record(desk, [at(new Date().toISOString(), 1)]);
    const [, ahead] = await lastOnes();
    expect(ahead).toMatchObject({ device: phone, chapter: 3 });
    expect(Date.parse(ahead!.at)).toBeLessThanOrEqual(Date.now());
  });

  it('are never changed, by nobody', async () => {
    await record(phone, [at(ago(HOUR))]);
    const change = books.pool.query('UPDATE reading_positions SET char_offset = 1');
    await expect(change).rejects.toThrow(/written once/u);
  });

  it('stay as they are when the chapter is corrected and prepared anew', async () => {
    await record(phone, [at(ago(HOUR), 2, 12)]);
    const before = await lastOnes();
    const chapter = { id: book.id, n: 2 };
    await books.ada.call(routes.books.reprocess, {
      params: chapter,
      body: { is_service_page: true },
    });
    await books.ada.call(routes.books.reprocess, {
      params: chapter,
      body: { is_service_page: false },
    });
    expect(await lastOnes()).toEqual(before);
  });
});

describe('who may have positions', () => {
  it('is whoever has the book: for others there is no such book, and nothing is written', async () => {
    await record(phone, [at(ago(HOUR))]);
    for (const call of [lastOnes(books.bob), record(phone, [at(ago(MINUTE))], books.bob)]) {
      expect(await refusalOf(call)).toMatchObject({ status: 404, code: 'book.not_found' });
    }
    expect(await kept()).toBe(1);
  });

  it('is also a key that may only read: being somewhere in a book is part of reading it', async () => {
    const reader = books.server.client('reader');
    await record(phone, [at(ago(HOUR))], reader);
    expect(await lastOnes(reader)).toHaveLength(1);
  });
});

describe('what is refused', () => {
  it('is a chapter that the book does not have, and with it the whole request', async () => {
    const refused = record(phone, [at(ago(HOUR)), at(ago(MINUTE), 99)]);
    expect(await refusalOf(refused)).toMatchObject({ status: 404, code: 'book.chapter_not_found' });
    expect(await kept()).toBe(0);
  });

  it.each([
    ['no positions', { positions: [] }],
    ['more than a hundred', { positions: Array.from({ length: 101 }, () => at(ago(HOUR))) }],
    ['a device without a name', { device: { id: randomUUID(), label: ' ' } }],
    ['a device whose id is none', { device: { id: 'phone', label: 'Phone' } }],
    ['a moment before there were such books', { positions: [at('0000-01-01T00:00:00.000Z')] }],
    ['an offset that no column holds', { positions: [at(ago(HOUR), 1, 2_147_483_648)] }],
  ])('is %s', async (_, wrong) => {
    const body = { device: phone, positions: [at(ago(HOUR))], ...wrong };
    const refused = books.ada.call(routes.books.recordPositions, { params, body });
    expect(await refusalOf(refused)).toMatchObject({ status: 400, code: 'request.invalid' });
  });
});

/** Positions as if they had been recorded when they were read: one a minute, the last so long ago. */
async function fill(device: ReadingDevice, count: number, endedMs: number): Promise<void> {
  await books.pool.query(
    `INSERT INTO reading_positions (user_id, book_id, device_id, device_label, chapter, char_offset, share, read_at, recorded_at)
     SELECT b.owner_id, b.id, $2, $3, 2, n, 0.5, moment, moment
       FROM books b, generate_series(1, $4::integer) AS n,
            LATERAL (SELECT now() - $5 * interval '1 millisecond' - ($4 - n) * interval '1 minute' AS moment) AS moments
      WHERE b.id = $1`,
    [book.id, device.id, device.label, count, endedMs],
  );
}

describe('many positions', () => {
  it('of one device are thinned behind a day, and the last and the furthest of each stretch stay', async () => {
    await fill(phone, 1200, 2 * DAY);
    await fill(desk, 1, 3 * DAY);
    // The furthest of all, read long before the last; and one of an older day, furthest in its day.
    const [far, old] = [ago(2 * DAY + 30 * MINUTE + 500), ago(40 * DAY)];
    await record(phone, [at(far, 4, 77), at(old, 3, 1)]);
    const rows = await query<{ hours: number; rows: number }>(
      books.pool,
      `SELECT count(*) AS rows, count(DISTINCT date_trunc('hour', at, 'UTC')) AS hours
         FROM reading_positions WHERE book_id = $1 AND device_id = $2`,
      [book.id, phone.id],
    );
    expect(rows[0]!.hours).toBeGreaterThanOrEqual(21);
    expect(rows[0]!.rows).toBeLessThanOrEqual(2 * rows[0]!.hours);
    for (const moment of [far, old]) {
      const where = `book_id = ${book.id} AND read_at = '${moment}'`;
      expect(await books.count('reading_positions', where)).toBe(1);
    }
    const last = (await lastOnes()).find(({ device }) => device.id === phone.id);
    expect(last).toMatchObject({ chapter: 2, offset: 1200 });
    // Another device's are not touched.
    expect(await lastOnes()).toHaveLength(2);
  });

  it('of the last day all stay, and so do those of a device that has few', async () => {
    await fill(phone, 1200, MINUTE);
    await fill(desk, 900, 5 * DAY);
    await record(phone, [at(new Date().toISOString())]);
    await record(desk, [at(new Date().toISOString())]);
    expect(await kept()).toBe(1200 + 900 + 2);
  });

  it('come to an end: a program that writes without end is refused, and what is there stays', async () => {
    for (let i = 0; i < 20; i += 1) await fill({ ...desk, id: randomUUID() }, 1000, MINUTE);
    const refused = record(phone, [at(ago(MINUTE))]);
    expect(await refusalOf(refused)).toMatchObject({
      status: 409,
      code: 'book.too_many_positions',
    });
    expect(await kept()).toBe(20_000);
  });
});

describe('deleting', () => {
  it('a book deletes its positions', async () => {
    await record(phone, [at(ago(HOUR)), at(ago(MINUTE), 3)]);
    await books.ada.call(routes.books.remove, { params });
    expect(await kept()).toBe(0);
    expect(await refusalOf(record(phone, [at(ago(MINUTE))]))).toMatchObject({
      status: 404,
      code: 'book.not_found',
    });
  });
});
