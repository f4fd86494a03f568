import { expect, test } from 'vitest';
import { paragraphs, sentences, wordsOf } from './tokens.ts';

const split = (text: string, abbreviations: string[] = []): string[] =>
  [...paragraphs(text)].flatMap((paragraph) =>
    [...sentences(text, paragraph, new Set(abbreviations))].map(({ start, end }) =>
      text.slice(start, end),
    ),
  );

test('a stop ends a sentence, with the quotation mark that closes after it', () => {
  expect(split('It rained. “Go home!” The lamp went out… He slept.')).toEqual([
    'It rained.',
    '“Go home!”',
    'The lamp went out…',
    'He slept.',
  ]);
});

test('neither a lower-case letter nor an abbreviation nor an initial begins a new sentence', () => {
  expect(split('“Go!” he said. Mr. Bell and J. H. Ward left.', ['mr'])).toEqual([
    '“Go!” he said.',
    'Mr. Bell and J. H. Ward left.',
  ]);
  expect(split('« Entre ! » dit-elle. – Нет! – сказал он.')).toEqual([
    '« Entre ! » dit-elle.',
    '– Нет! – сказал он.',
  ]);
});

test('paragraphs end at a blank line and never share a sentence', () => {
  expect(split('A house\n\n\n\n on a hill. \n\n')).toEqual(['A house', 'on a hill.']);
});

test('a text without stops is cut at white space and loses nothing', () => {
  const words = Array.from({ length: 1000 }, (_, index) => `word${index}`);
  const pieces = split(words.join(' '));
  expect(pieces.length).toBeGreaterThan(3);
  expect(pieces.join(' ')).toBe(words.join(' '));
});

test('words are lower-case, without elided articles, hyphens or accents of composition', () => {
  expect(wordsOf("L'homme aux yeux gris-vert, qu’elle aimait", new Set(['l', 'qu']))).toEqual([
    'homme',
    'aux',
    'yeux',
    'gris',
    'vert',
    'elle',
    'aimait',
  ]);
  expect(wordsOf('Те\u0308мный подвірʼя', new Set())).toEqual(['темный', "подвір'я"]);
});

test('a name inside a sentence counts as a word and says nothing', () => {
  expect(wordsOf('Black clouds over Mr. Brown', new Set())).toEqual([
    'black',
    'clouds',
    'over',
    '',
    '',
  ]);
});
