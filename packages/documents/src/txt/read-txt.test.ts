import { describe, expect, test } from 'vitest';
import { renderText } from '../content/text.ts';
import { parseBook } from '../parse-book.ts';

const read = async (text: string, fileName?: string) =>
  await parseBook(Buffer.from(text), fileName === undefined ? {} : { fileName });
const words = (count: number, word = 'mot') => Array(count).fill(word).join(' ');
const long = (word: string) => `${words(60, word)}.`;

describe('chapters', () => {
  test.each([
    ['CHAPITRE I.', 'CHAPITRE II.'],
    ['Chapter 1', 'Chapter 2'],
    ['Глава первая', 'Глава вторая'],
    ['I', 'II'],
    ['Prologue', 'Épilogue'],
  ])('begin at %s and %s', async (first, second) => {
    const book = await read(`${first}\n${long('un')}\n${second}\n${long('deux')}\n`);
    expect(book.chapters.map((chapter) => chapter.title)).toEqual([first, second]);
    expect(book.tocSource).toBe('headings');
  });

  test('do not begin at words that look like numbers or in the lines of a contents page', async () => {
    const book = await read(
      `CHAPITRE I\nCHAPITRE II\n\nCHAPITRE I\n${long('un')}\nIl\nIIX\n${long('un')}\nCHAPITRE II\n${long('deux')}`,
    );
    const titles = book.chapters.map((chapter) => chapter.title);
    expect(titles.filter((title) => title.startsWith('CHAPITRE'))).toEqual([
      'CHAPITRE I',
      'CHAPITRE II',
    ]);
  });

  test('stand under their parts', async () => {
    const book = await read(
      `Première partie\nI\n${long('a')}\nII\n${long('b')}\nDeuxième partie\nI\n${long('c')}`,
    );
    expect(book.chapters.map(({ path, title, pageClass }) => [...path, title, pageClass])).toEqual([
      ['Première partie', 'divider'],
      ['Première partie', 'I', 'chapter'],
      ['Première partie', 'II', 'chapter'],
      ['Deuxième partie', 'divider'],
      ['Deuxième partie', 'I', 'chapter'],
    ]);
    expect(book.toc.map((entry) => entry.children.length)).toEqual([2, 1]);
  });

  test('take the line below their number as title when all of them have one', async () => {
    const book = await read(
      `CHAPITRE I.\nComment Candide fut élevé.\n${words(200)}\nCHAPITRE II.\nCe que devint Candide.\n${words(200)}`,
    );
    expect(book.chapters[1]?.title).toBe('CHAPITRE II. Ce que devint Candide.');
  });

  test('are one when there is no heading', async () => {
    const book = await read(`${long('a')}\n${long('b')}`, 'C:\\books\\My_Novel.txt');
    expect(book.chapters).toHaveLength(1);
    expect([book.chapters[0]?.title, book.tocSource]).toEqual(['My Novel', 'spine']);
  });
});

describe('paragraphs', () => {
  test('of a text set in lines are separated by blank lines, and verse keeps its lines', async () => {
    const page = Array(9).fill('A line of prose of about sixty\ncharacters in all.').join('\n\n');
    const book = await read(`${page}\n\n    Roses are red\n    Violets are blue\n\n${page}`);
    const { content } = book.chapters[0]!;
    expect(content[0]).toMatchObject({
      content: [{ text: 'A line of prose of about sixty characters in all.' }],
    });
    expect(content[9]?.type).toBe('verse');
    expect(renderText(content)).toContain('Roses are red\nViolets are blue');
  });
});

describe('the frame of Project Gutenberg', () => {
  test('is kept as service pages and gives the metadata', async () => {
    const book = await read(
      'The Project Gutenberg EBook of Candide\n\nTitle: Candide\nAuthor: Voltaire\nLanguage: French\n\n' +
        `*** START OF THIS PROJECT GUTENBERG EBOOK CANDIDE ***\n\nCHAPITRE I\n\n${long('un')}\n\n` +
        `CHAPITRE II\n\n${long('deux')}\n\nEnd of the Project Gutenberg EBook of Candide\n\nLicence.`,
    );
    expect(book.metadata).toEqual({ title: 'Candide', authors: ['Voltaire'], language: 'fr' });
    expect(book.chapters.map(({ title, pageClass }) => [title, pageClass])).toEqual([
      ['Project Gutenberg', 'service'],
      ['CHAPITRE I', 'chapter'],
      ['CHAPITRE II', 'chapter'],
      ['Project Gutenberg', 'service'],
    ]);
    expect(renderText(book.chapters[2]!.content)).not.toContain('Licence');
  });
});
