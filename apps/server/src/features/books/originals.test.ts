import { createHash } from 'node:crypto';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { routes } from '@scriptorium/contract';
import type { Kernel } from '@scriptorium/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ParserProcesses } from '../../platform/parsing/parser-processes.ts';
import { refusalOf } from '../../testing.ts';
import { acceptUpload } from './steps/accept-upload.ts';
import { startBooksServer, storyBook, type BooksServer } from './testing.ts';

let books: BooksServer;
beforeAll(async () => {
  books = await startBooksServer();
});
afterAll(() => books.stop());

async function upload(file: File, client = books.ada): Promise<number> {
  const { book } = await client.call(routes.books.upload, { form: { file } });
  return book.id;
}

/** The files in the store, those of books and those that nobody knows. */
async function storedFiles(): Promise<string[]> {
  const folder = path.join(books.dataDir, 'artifacts');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((each) => each.isFile())
    .map((each) => path.join(each.parentPath, each.name));
}

/** Makes every file look as if it had been there for two hours: the sweeper spares what has just come. */
async function age(): Promise<void> {
  const past = new Date(Date.now() - 7_200_000);
  for (const file of await storedFiles()) await utimes(file, past, past);
}

async function originalOf(bookId: number) {
  const { rows } = await books.pool.query<{ id: string; owner_id: number }>(
    'SELECT original_id AS id, owner_id FROM books WHERE id = $1',
    [bookId],
  );
  return await books.kernel.openArtifact(rows[0]!.id, rows[0]!.owner_id);
}

it('keeps the original of a book as it came, for each owner, and lets it go with the book', async () => {
  const file = await storyBook('Kept', 1);
  const [mine, bobs] = [await upload(file), await upload(file, books.bob)];
  await upload(file);
  expect(await storedFiles()).toHaveLength(2);
  await age();
  await books.kernel.sweep();
  for (const id of [mine, bobs]) {
    const original = await originalOf(id);
    expect(original).toMatchObject({ name: 'Kept.epub', mediaType: 'application/epub+zip' });
    expect(await buffer(await original.read())).toEqual(Buffer.from(await file.arrayBuffer()));
  }
  // Nobody reads them any more.
  await books.pool.query('UPDATE kernel.artifacts SET leased_until = NULL');
  await books.ada.call(routes.books.remove, { params: { id: mine } });
  expect((await books.kernel.sweep()).artifacts).toBe(1);
  expect(await storedFiles()).toHaveLength(1);
  await books.bob.call(routes.books.remove, { params: { id: bobs } });
  await books.kernel.sweep();
  expect(await storedFiles()).toEqual([]);
});

it('leaves nothing behind when it dies between the file and its rows', async () => {
  const bytes = Buffer.from(await (await storyBook('Torn', 1)).arrayBuffer());
  const arrived = path.join(books.dataDir, 'torn.epub');
  await writeFile(arrived, bytes);
  const dying: Kernel = {
    ...books.kernel,
    transaction: async () => await Promise.reject(new Error('the process is gone')),
  };
  const parser = new ParserProcesses();
  const { pool: db, writes } = books;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const torn = { path: arrived, fileName: 'torn.epub', sha256, bytes: bytes.byteLength };
  const resources = { db, kernel: dying, parser, writes, uploadMaxBytes: 1_000_000 };
  const accepted = acceptUpload(resources, torn, { id: 1, isPremium: false });
  await expect(accepted).rejects.toThrow('the process is gone');
  await parser.close();
  expect(await storedFiles()).toHaveLength(1);
  expect((await books.kernel.sweep()).orphans).toBe(0);
  await age();
  expect((await books.kernel.sweep()).orphans).toBe(1);
  expect(await storedFiles()).toEqual([]);
  expect(await books.count('books', `title = 'Torn'`)).toBe(0);
});

it('refuses a book before it is read when there is no room on the disk', async () => {
  const full = await startBooksServer({ environment: { MIN_FREE_DISK_MB: '10000000' } });
  try {
    const form = { file: await storyBook('Too Much', 1) };
    const refusal = await refusalOf(full.ada.call(routes.books.upload, { form }));
    expect(refusal).toMatchObject({ status: 507, code: 'disk.full' });
    expect(await full.count('books')).toBe(0);
    expect(await readdir(full.dataDir)).not.toContain('tmp');
  } finally {
    await full.stop();
  }
});
