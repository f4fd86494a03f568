import { describe, expect, test } from 'vitest';
import type { PageChapter, PdfLine, PdfOutlineItem } from '../pages.ts';
import { isContentsLine, isContentsTitle, headingWording } from './heading-pattern.ts';
import { numberValue, romanValue } from './numerals.ts';
import { centred, full, layout, line, page, prose, sentence, story } from './testing.ts';

describe('the wording of a heading', () => {
  test.each([
    'CHAPITRE I.',
    'Chapitre premier',
    'Chapter Twelve',
    'ГЛАВА 3',
    'Глава первая',
    'IV',
    'XII.',
    '7',
    '3. Le départ',
    'II — La fuite',
    'Prologue',
    'ПРЕДИСЛОВИЕ',
    'Épilogue',
    'Kapitel 4',
    'CHAPITRE XXII[1].',
  ])('%s is that of a chapter', (text) => {
    expect(headingWording(text)).toBe('chapter');
  });

  test.each([
    'Première partie',
    'DEUXIÈME PARTIE',
    'Часть вторая',
    'Book the First',
    'Tome II',
    'Act III',
    'Livre premier: Un juste',
  ])('%s is that of a part', (text) => {
    expect(headingWording(text)).toBe('part');
  });

  test.each([
    'Il',
    'M. de Rênal entra.',
    'C. Il faut partir',
    'IIX',
    '1829',
    'Part of the house was dark',
    'Глава семьи молчал',
    'XV lois',
    '12 hommes',
    'Le livre un',
    'Chapitre',
    'Introduction au droit',
  ])('%s is none', (text) => {
    expect(headingWording(text)).toBeNull();
  });

  test('tells the lines and the title of a table of contents', () => {
    expect(isContentsLine('1.2 Qui est-ce ? . . . . . 12')).toBe(true);
    expect(isContentsLine('Le roi dit………… 1812')).toBe(true);
    expect(isContentsLine('Il attendit... 12 hommes vinrent.')).toBe(false);
    expect(isContentsTitle('TABLE DES MATIÈRES')).toBe(true);
    expect(isContentsTitle('Содержание')).toBe(true);
    expect(isContentsTitle('Contents of a drawer')).toBe(false);
  });
});

test('numbers are read as the Romans wrote them', () => {
  expect(['I', 'IV', 'XIX', 'XL', 'MCMXC'].map(romanValue)).toEqual([1, 4, 19, 40, 1990]);
  expect(['IIX', 'Il', 'IC', '', 'i'].map(romanValue)).toEqual([null, null, null, null, null]);
  expect(['12', 'xiv', 'XIV', 'Xiv', 'le'].map(numberValue)).toEqual([12, 14, 14, null, null]);
});

/** Title, level and the first words of the chapter's first paragraph. */
function chaptersOf(
  pages: readonly (readonly (PdfLine | number)[])[],
  outline: readonly PdfOutlineItem[] = [],
): (readonly [string, number, string])[] {
  const found = layout(
    pages.map((content, i) => page(i, content)),
    outline,
  );
  return found.chapters.map(({ title, level, paragraph }: PageChapter) => [
    title,
    level,
    found.paragraphs[paragraph]!.text.slice(0, 16),
  ]);
}

const large = (text: string): PdfLine => centred(text, { size: 15 });

describe('chapters without an outline', () => {
  test('are the headings by size, wording and place, with the name below the number', () => {
    expect(
      chaptersOf([
        [6, centred('Le Voyage', { size: 22 })],
        [3, large('CHAPITRE I.'), 1, large('Le départ'), 2, ...story(6, 1)],
        story(10, 2),
        [3, large('CHAPITRE II.'), 1, large('Le retour'), 2, ...story(6, 3)],
        [...story(4, 4), 2, centred('CHAPITRE III'), 2, ...story(4, 5)],
      ]),
    ).toEqual([
      ['CHAPITRE I. Le départ', 1, 'CHAPITRE I.\nLe d'],
      ['CHAPITRE II. Le retour', 1, 'CHAPITRE II.\nLe '],
      ['CHAPITRE III', 1, 'CHAPITRE III'],
    ]);
  });

  test('stand below their parts, even on one page', () => {
    expect(
      chaptersOf([
        [3, large('PREMIÈRE PARTIE'), 2, large('I'), 2, ...story(6, 1)],
        [3, large('II'), 2, ...story(6, 2)],
        [10, large('DEUXIÈME PARTIE')],
        [3, large('I'), 2, ...story(6, 3)],
      ]).map(([title, level]) => `${level} ${title}`),
    ).toEqual(['1 PREMIÈRE PARTIE', '2 I', '2 II', '1 DEUXIÈME PARTIE', '2 I']);
  });

  test('are never lines of a table of contents or a title page', () => {
    const names = ['Le port', 'La mer', 'Le vent', 'Le retour'];
    expect(
      chaptersOf([
        [8, large('La Mer'), 2, large('roman')],
        [
          large('Table des matières'),
          2,
          ...names.flatMap((name, i) => [line(`Chapitre ${i + 1}. ${name} ${i + 3}`), 1]),
        ],
        ...names.map((name, i) => [large(`Chapitre ${i + 1}. ${name}`), 2, ...story(7, i + 1)]),
      ]).map(([title]) => title),
    ).toEqual(names.map((name, i) => `Chapitre ${i + 1}. ${name}`));
  });

  test('may have a title of several lines', () => {
    const [first] = chaptersOf([
      [large('Comment Candide fut élevé dans un'), 0.3, large('beau château'), 2, ...story(7, 1)],
      story(10, 2),
    ]);
    expect(first).toEqual([
      'Comment Candide fut élevé dans un beau château',
      1,
      'Comment Candide ',
    ]);
  });

  test('may have a title that is hyphenated, in which no word is torn', () => {
    const [first] = chaptersOf([
      [large('Comment Candide quitta le villa|'), large('ge de son enfance'), 2, ...story(7, 1)],
      story(10, 2),
    ]);
    expect(first?.[0]).toBe('Comment Candide quitta le village de son enfance');
  });

  test('are found by bold type of the size of the text', () => {
    const pages = [1, 2, 3].map((i) => [
      centred(`Chapitre ${i}`, { isBold: true }),
      1,
      ...story(7, i),
    ]);
    expect(chaptersOf(pages)).toHaveLength(3);
  });

  test('are not speeches, years or names in capitals within the text', () => {
    const pages = [1, 2, 3].map((i) => [
      ...story(3, i),
      line('— Non.', { x0: 65 }),
      line('1829.', { x0: 65 }),
      line('M. DE RÊNAL', { x0: 65 }),
      ...story(3, i + 9),
    ]);
    expect(chaptersOf(pages)).toEqual([]);
  });

  test('are announced as found by headings', () => {
    expect(layout([page(0, story(3))]).warnings.map(({ code }) => code)).toEqual([
      'chapters.headings',
    ]);
  });
});

describe('chapters of an outline', () => {
  const entry = (
    title: string,
    at: number,
    y: number | null = null,
    level = 1,
  ): PdfOutlineItem => ({ title, level, page: at, y });

  test('begin at the lines that spell their titles, several on a page included', () => {
    const content = [
      ...story(2, 1),
      1,
      line('1.1 Le port de', { size: 12 }),
      line('Brest', { size: 12 }),
      1,
      ...story(2, 2),
      1,
      line('1.2 La rade', { size: 12 }),
      1,
      ...story(2, 3),
    ];
    const outline = [
      entry('Le port de Brest', 0, 0, 2),
      entry('La rade', 0, 0, 2),
      entry('La fin', 1, null, 1),
    ];
    expect(chaptersOf([content, story(8, 5)], outline)).toEqual([
      ['Le port de Brest', 2, '1.1 Le port de B'],
      ['La rade', 2, '1.2 La rade'],
      ['La fin', 1, sentence(5 * 50).slice(0, 16)],
    ]);
  });

  test('begin with the first paragraph at their place where the page does not spell the title', () => {
    const pages = [
      [...story(4, 1)],
      [...story(2, 2), 1, line('***'), 1, ...prose('Alors tout changea pour lui.')],
    ];
    const y = page(1, pages[1]!).lines.at(-1)!.y - 3;
    expect(chaptersOf(pages, [entry('Début', 0), entry('Suite', 1, y)])).toEqual([
      ['Début', 1, sentence(50).slice(0, 16)],
      ['Suite', 1, 'Alors tout chang'],
    ]);
  });

  test('make their titles headings in text of one size', () => {
    const pages = [
      [line('La mer'), ...story(8, 1)],
      [full('La mer monte et le soir tombe sur'), line('la ville.'), ...story(8, 2)],
    ];
    const found = layout(
      pages.map((content, i) => page(i, content)),
      [entry('La mer', 0), entry('Fin', 1)],
    );
    expect(
      found.paragraphs.filter(({ kind }) => kind === 'heading').map(({ text }) => text),
    ).toEqual(['La mer']);
  });

  test('are not taken from an outline that lists the pages', () => {
    const pages = Array.from({ length: 5 }, (_, i) => page(i, story(8, i)));
    const found = layout(
      pages,
      pages.map((_, i) => entry(`Page ${i + 1}`, i)),
    );
    expect(found.chapters).toEqual([]);
    expect(found.warnings.map(({ code }) => code)).toContain('outline.ignored');
  });

  test('count their levels from 1 and leave out what lies behind the text', () => {
    const pages = [page(0, story(8)), page(1, story(8, 1)), page(2, [])];
    const { chapters } = layout(
      pages,
      [entry('A', 0, null, 3), entry('B', 1, null, 4), entry('C', 2)].map((e) => ({
        ...e,
        level: e.level + 1,
      })),
    );
    expect(chapters.map(({ title, level }) => [title, level])).toEqual([
      ['A', 3],
      ['B', 4],
    ]);
  });
});

describe('the title of a document', () => {
  const pages = [page(0, [8, large('Le Voyage'), 3, line('d’un autre')]), page(1, story(8))];
  test.each([
    ['Candide', 'Candide'],
    [null, 'Le Voyage'],
    ['Microsoft Word - roman.doc', 'Le Voyage'],
    ['final_v2.indd', 'Le Voyage'],
  ])('declared as %s is %s', (declared, expected) => {
    const metadata = { title: declared, author: ' ', language: null };
    const found = layout(pages, [], metadata);
    expect(found.title).toBe(expected);
    expect(found.author).toBeNull();
  });
});
