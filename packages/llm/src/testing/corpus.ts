import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../..');
const CORPUS = process.env['SCRIPTORIUM_CORPUS'] ?? join(ROOT, '../shared/corpus');

/** Why a test on real books is skipped. */
export const CORPUS_IS_ABSENT = `no books at ${CORPUS}; set SCRIPTORIUM_CORPUS to run this on real text`;

export const hasCorpus = existsSync(join(CORPUS, 'txt'));
// The default reporter does not show why a test was skipped.
if (!hasCorpus) process.stderr.write(`Skipped: ${CORPUS_IS_ABSENT}\n`);

/** Text of a book of the corpus, one paragraph a block, as a chapter's text is made. */
export function readBook(file: string, encoding: string): string {
  const lines = new TextDecoder(encoding).decode(readFileSync(join(CORPUS, file))).split(/\r?\n/u);
  const isWrapped = lines.filter((line) => line.trim() === '').length > lines.length / 10;
  const blocks = isWrapped ? lines.join('\n').split(/\n\s*\n/u) : lines;
  return blocks
    .map((block) => block.replace(/\s+/gu, ' ').trim())
    .filter((block) => block !== '')
    .join('\n\n');
}

interface ServicePage {
  readonly book: string;
  readonly label: string;
  readonly text: string;
}

const isServicePage = (value: unknown): value is ServicePage =>
  typeof value === 'object' && value !== null && 'book' in value && 'label' in value;

/** The first 1,200 characters of every chapter of the EPUBs whose name holds `book`. */
export function readChapterOpenings(book: string): string {
  return readFileSync(join(CORPUS, 'service-pages.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))
    .filter(isServicePage)
    .filter((page) => page.book.includes(book) && page.label === 'chapter')
    .map((page) => page.text.trim())
    .join('\n\n');
}
