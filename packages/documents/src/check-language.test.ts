import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Book } from './book.ts';
import { parseBook } from './parse-book.ts';
import { CORPUS, hasCorpus } from './testing/corpus.ts';
import { epub, prose } from './testing/fixtures.ts';

const RUSSIAN = prose(400, 'слово');
const ENGLISH = prose(400);
const GREEK = prose(400, 'λόγος');
const JAPANESE = prose(400, '言葉');
const LISTING = `<pre>${'int main(void); '.repeat(900)}</pre>`;

async function read(declared: string, page: string): Promise<Book> {
  const metadata = `<dc:title>A Book</dc:title><dc:language>${declared}</dc:language>`;
  return await parseBook(await epub({ metadata, pages: { 'a.xhtml': page } }));
}

const contradictions = (book: Book): string[] =>
  book.warnings
    .filter(({ code }) => code === 'language.contradicts_text')
    .map(({ message }) => message);

describe('the declared language', () => {
  test.each([
    ['en', RUSSIAN, 'Cyrillic'],
    ['fr-FR', RUSSIAN + LISTING, 'Cyrillic'],
    ['en', GREEK, 'Greek'],
    ['ru', ENGLISH, 'Latin'],
    ['en', JAPANESE, 'Chinese, Japanese or Korean'],
  ])(
    '%s is left open when the text is in other letters, with a warning',
    async (declared, page, letters) => {
      const book = await read(declared, page);
      expect(book.metadata.language).toBeNull();
      expect(contradictions(book)).toEqual([
        `The book says that its language is ${declared}, but its text is in ${letters} letters; the language is left open.`,
      ]);
    },
  );

  test.each([
    ['ru', RUSSIAN],
    ['ru', RUSSIAN + LISTING],
    ['fr', ENGLISH],
    ['ja', JAPANESE],
    ['ja', prose(400, 'ことば')],
    ['zh-TW', JAPANESE],
    ['sr', ENGLISH],
    ['uz', RUSSIAN],
    ['en', ENGLISH + prose(300, 'слово')],
    ['en', prose(20, 'слово')],
    ['ka', RUSSIAN],
    ['en', LISTING],
  ])(
    '%s stays when the text does not contradict it or is too little to tell',
    async (declared, page) => {
      const book = await read(declared, page);
      expect(book.metadata.language).toBe(declared);
      expect(contradictions(book)).toEqual([]);
    },
  );

  // Without the folder: set SCRIPTORIUM_CORPUS to where it is.
  test.skipIf(!hasCorpus)(
    'of a real Russian manual that says it is English is left open',
    async () => {
      const file = path.join(CORPUS, 'epub/debian/debmake-doc.ru.epub');
      const book = await parseBook(await readFile(file));
      expect(book.metadata.language).toBeNull();
      expect(contradictions(book)).toHaveLength(1);
    },
  );
});
