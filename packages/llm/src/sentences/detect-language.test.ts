import { expect, test } from 'vitest';
import { detectLanguage } from './detect-language.ts';

const TEXTS = [
  [
    'fr',
    'La pluie tombait depuis le matin, et personne ne songeait à sortir de la vieille maison.',
  ],
  ['en', 'It had been raining since the morning, and nobody thought of leaving the old house.'],
  ['ru', 'Дождь шёл с самого утра, и никто не думал выходить из старого дома.'],
  ['uk', 'Дощ ішов із самого ранку, і ніхто не думав виходити зі старого будинку.'],
  ['de', 'Es regnete seit dem Morgen, und niemand dachte daran, das alte Haus zu verlassen.'],
  ['es', 'Llovía desde la mañana, y nadie pensaba en salir de la vieja casa de piedra.'],
  ['it', 'Pioveva fin dal mattino, e nessuno pensava di uscire dalla vecchia casa.'],
] as const;

test.each(TEXTS)('a sentence in %s is known', (language, text) => {
  expect(detectLanguage(text)).toBe(language);
});

test('what is too short or no language is not guessed', () => {
  expect(detectLanguage('')).toBeNull();
  expect(detectLanguage('Oui.')).toBeNull();
  expect(detectLanguage('12 345 — 67 % … 89 + 10 = 99 !'.repeat(40))).toBeNull();
});

test('a licence in another language before a book does not decide', () => {
  const licence = 'This book may be copied and given away under the terms of the licence. '.repeat(
    20,
  );
  const book = 'La pluie tombait depuis le matin, et personne ne songeait à sortir. '.repeat(200);
  expect(detectLanguage(`${licence}${book}`)).toBe('fr');
});
