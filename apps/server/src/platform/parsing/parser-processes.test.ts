import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { tinyEpub } from '../../features/books/tiny-epub.ts';
import { ParserProcesses, type ParserOptions } from './parser-processes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-parser-'));
});
afterAll(() => rm(folder, { recursive: true }));

let parsers: ParserProcesses;
afterEach(() => parsers.close());

function start(options?: ParserOptions): ParserProcesses {
  parsers = new ParserProcesses(options);
  return parsers;
}

/** A file with one chapter of so many paragraphs. */
async function fileWith(paragraphs: number): Promise<string> {
  // Numbered, or the archive would pack so well that it is taken for a bomb.
  const page = Array.from({ length: paragraphs }, (_, i) => `<p>House ${i} of ${i * i}</p>`);
  const file = path.join(folder, `${paragraphs}.epub`);
  await writeFile(file, await tinyEpub({ title: 'A Book', pages: { One: page.join('') } }));
  return file;
}

const taskOf = (file: string) => ({ path: file, fileName: 'book.epub', maxBytes: 10_000_000 });

it('reads one file after the other, and as many at once as are sent', async () => {
  const file = await fileWith(10);
  const parser = start({ processes: 1 });
  const read = await Promise.all([1, 2, 3].map(() => parser.parse('book', taskOf(file))));
  const [first] = read;
  expect(first).toMatchObject({ title: 'A Book', format: 'epub', language: 'en' });
  expect(read).toEqual([first, first, first]);
  expect(await parser.parse('book', taskOf(file))).toEqual(first);
});

it('refuses a file that takes too long', async () => {
  const parser = start({ timeoutMs: 1 });
  await expect(parser.parse('book', taskOf(await fileWith(1000)))).rejects.toMatchObject({
    code: 'document.unreadable_in_time',
    status: 422,
  });
});

it('refuses a file that takes too much memory, and reads the next one', async () => {
  const [huge, small] = await Promise.all([fileWith(200_000), fileWith(10)]);
  const parser = start({ heapMiB: 64, processes: 1 });
  await expect(parser.parse('book', taskOf(huge))).rejects.toMatchObject({
    code: 'document.unreadable_in_memory',
    status: 422,
  });
  expect(await parser.parse('book', taskOf(small))).toMatchObject({ title: 'A Book' });
});

it('passes on what the parser says about a bad file, and goes on', async () => {
  const file = path.join(folder, 'bad.epub');
  await writeFile(file, '%PDF-1.7');
  const parser = start();
  await expect(parser.parse('book', taskOf(file))).rejects.toMatchObject({
    name: 'DocumentError',
    code: 'document.unsupported_format',
  });
  expect(await parser.parse('book', taskOf(await fileWith(10)))).toMatchObject({ title: 'A Book' });
});

it('ends at once when its caller gives up, in work and in the queue, and reads the next one', async () => {
  const [long, small] = await Promise.all([fileWith(50_000), fileWith(10)]);
  const parser = start({ processes: 1 });
  const working = new AbortController();
  const waiting = new AbortController();
  const first = parser.parse('book', taskOf(long), { signal: working.signal });
  const second = parser.parse('book', taskOf(small), { signal: waiting.signal });
  const third = parser.parse('book', taskOf(small));
  const reason = new Error('The reader has gone.');
  waiting.abort(reason);
  await expect(second).rejects.toBe(reason);
  working.abort(reason);
  await expect(first).rejects.toBe(reason);
  expect(await third).toMatchObject({ title: 'A Book' });
});
