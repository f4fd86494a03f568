import { expect, test } from 'vitest';
import { faultOf } from './faults.ts';
import { numbersIn } from './numerals.ts';
import { readSentence } from './words.ts';

const fault = (language: string, source: string, sentences: string[], maxWords = 8) =>
  faultOf(source, sentences, { language, maxWords });

const CANDIDE =
  'Monsieur le baron était un des plus puissants seigneurs de la Vestphalie, car son château avait une porte et des fenêtres.';

test('short sentences with the words of the source are faultless', () => {
  const sentences = [
    'Monsieur le baron était un puissant seigneur.',
    'Il vivait en Vestphalie.',
    'Son château avait une porte.',
    'Il avait des fenêtres.',
  ];
  expect(fault('fr', CANDIDE, sentences)).toBeUndefined();
});

test('a sentence over the limit is too long, by the words that a reader would count', () => {
  expect(
    fault('fr', CANDIDE, [
      'Monsieur le baron était un puissant seigneur de Vestphalie.',
      "L'homme avait une porte et des fenêtres.",
    ]),
  ).toEqual({ kind: 'too_long', words: 9 });
});

test.each([
  [
    'fr',
    'Il marchait depuis trois heures quand il vit la maison.',
    ['Il marchait depuis trois heures.', 'Alors Paul vit la maison.'],
    'Paul',
  ],
  [
    'ru',
    'Он долго шёл по дороге и наконец увидел старый дом.',
    ['Он долго шёл по дороге.', 'Потом Иван увидел старый дом.'],
    'Иван',
  ],
  [
    'en',
    'He had been walking for hours when he saw the old house.',
    ['He had been walking for hours.', 'Then he saw the old house of Manor.'],
    'Manor',
  ],
])('a name that the %s source does not have is invented', (language, source, sentences, name) => {
  expect(fault(language, source, sentences, 10)).toEqual({ kind: 'name', invented: [name] });
});

test.each([
  [
    'ru',
    'Емельян Пугачёв велел привести пленных офицеров.',
    ['Приведите к Пугачёву пленных офицеров.'],
  ],
  [
    'fr',
    'Alors l’abbé dit à Élodie de venir vite.',
    ['Alors l’abbé appela ELODIE : « Viens vite ! »'],
  ],
  ['fr', 'Il vit monsieur Dupont et monsieur Martin.', ['Il vit M. Dupont et Mme Martin.']],
  ['en', 'he said that it was his own house', ['He said: “It was his own house.” So I said.']],
  ['en', 'The house of the Browns stood alone.', ["Mr. Brown's house stood alone."]],
  ['de', 'Er sah das alte Haus am See liegen.', ['Er sah das alte Gebäude am See.']],
])('in %s, a form or a habit of writing is no new name: %s', (language, source, sentences) => {
  expect(fault(language, source, sentences, 20)).toBeUndefined();
});

test.each([
  ['fr', 'Il avait quarante-deux ans en 1815.', ['Il avait 42 ans.', 'On était en 1815.']],
  [
    'fr',
    'Il avait 42 ans et douze louis.',
    ['Il avait quarante-deux ans.', 'Il avait douze louis.'],
  ],
  ['fr', 'Cela coûta dix-huit cents francs.', ['Cela coûta 1 800 francs.']],
  ['fr', 'Il mourut à quatre-vingt-dix-sept ans.', ['Il mourut à 97 ans.']],
  ['en', 'Both of them waited for forty-two days.', ['The two waited for 42 days.']],
  ['en', 'In 1,815 houses lived people.', ['People lived in 1815 houses.']],
  ['ru', 'Он ждал двадцать пять лет.', ['Он ждал 25 лет.']],
  ['ru', 'Его семья жила там пять лет.', ['Там жила его семья.', 'Прошло пять лет.']],
  ['uk', "Він чекав п'ятдесят років.", ['Він чекав 50 років.']],
])(
  'in %s, a number may change from digits to words and back: %s',
  (language, source, sentences) => {
    expect(fault(language, source, sentences, 20)).toBeUndefined();
  },
);

test.each([
  ['fr', 'Il marchait depuis longtemps.', ['Il marchait depuis 3 heures.'], '3'],
  ['fr', 'Il avait quarante ans.', ['Il avait quarante-cinq ans.'], 'quarante-cinq'],
  ['en', 'He had many children.', ['He had seven children.'], 'seven'],
  ['ru', 'У него было много детей.', ['У него было семь детей.'], 'семь'],
  ['uk', 'У нього було багато дітей.', ['У нього було сім дітей.'], 'сім'],
  ['es', 'Tenía muchos hijos.', ['Tenía 7 hijos.'], '7'],
])(
  'in %s, a number that the source does not have is invented: %s',
  (language, source, sentences, number) => {
    expect(fault(language, source, sentences, 20)).toEqual({ kind: 'number', invented: [number] });
  },
);

test('a summary has lost what the source says', () => {
  expect(fault('fr', CANDIDE, ['Le baron était riche.'])).toEqual({ kind: 'lost' });
});

test.each([
  [
    'fr',
    CANDIDE,
    ['The baron was one of the most powerful lords.', 'His castle had a door and windows.'],
  ],
  [
    'ru',
    'Мой отец вышел в отставку премьер-майором и жил с тех пор в своей симбирской деревне.',
    ['Мій батько вийшов у відставку прем’єр-майором.', 'Відтоді він жив у своїй симбірській селі.'],
  ],
])('an answer in another language than the %s source is one', (language, source, sentences) => {
  expect(fault(language, source, sentences)).toEqual({ kind: 'language' });
});

test('a quotation in another language than the book may stay in it', () => {
  const source =
    'Gallia est omnis divisa in partes tres, quarum unam incolunt Belgae, aliam Aquitani.';
  const sentences = [
    'Gallia est omnis divisa in partes tres.',
    'Unam incolunt Belgae, aliam Aquitani.',
  ];
  expect(fault('fr', source, sentences)).toBeUndefined();
});

test.each([
  ['fr', 'En mil huit cent quinze, vingt et un hommes et 3,5 lieues.', ['35', '1815', '21']],
  ['en', 'three hundred and five men, two thousand sheep', ['305', '2000']],
  ['ru', 'тысяча восемьсот двенадцатый год; двести сорок три рубля', ['1800', '243']],
  ['uk', "двісті сорок три гривні, тисяча дев'ятсот", ['243', '1900']],
  ['ja', '三人', []],
])('numbers are read in %s: %s', (language, text, digits) => {
  expect(numbersIn(readSentence(text), language).map((number) => number.digits)).toEqual(digits);
});

test('a translation that keeps every name of its source is in another language all the same', () => {
  const source =
    'Candide, Cunégonde, Pangloss, Martin, Cacambo et Paquette étaient enfin arrivés à Constantinople avec la vieille.';
  const english = [
    'Candide, Cunégonde and Pangloss had arrived.',
    'Martin, Cacambo and Paquette had arrived.',
    'They were in Constantinople with the old woman.',
  ];
  expect(fault('fr', source, english, 12)).toEqual({ kind: 'language' });
});
