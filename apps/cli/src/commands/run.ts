import path from 'node:path';
import { runBook } from '../books/run-book.ts';
import type { Context } from '../context.ts';
import { runNovel, type NovelRunOptions } from '../novels/run-novel.ts';

/** Hands in a document, shows the work on it, and what came of it: a PDF is shortened, everything else is a book to read. */
export async function runFile(
  file: string,
  options: NovelRunOptions,
  context: Context,
): Promise<number> {
  const isPdf = path.extname(file).toLowerCase() === '.pdf';
  return isPdf ? await runNovel(file, options, context) : await runBook(file, context);
}
