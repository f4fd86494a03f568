import { expect, test } from 'vitest';
import { countWords } from './count-words.ts';

test('an elision and a compound are one word each, marks between spaces are none', () => {
  expect(countWords("« L'homme, dit-il, s'en va… » — Oui !")).toBe(5);
});

test('no-break spaces separate words as others do, numbers count', () => {
  expect(countWords('10\u00a0000 francs\u202f; 3\u00a0% !')).toBe(4);
  expect(countWords('— Не знаю, — сказал он.')).toBe(4);
});

test('a text without a word has none', () => {
  expect(countWords('')).toBe(0);
  expect(countWords(' … — « » \n')).toBe(0);
});
