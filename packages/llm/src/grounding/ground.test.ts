import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ground } from './ground.ts';

const CHAPTER = [
  'The mill stood beyond the weir, and its wheel had not turned for forty years.',
  '“Who’s there?” said the miller. No one answered. The door of the long loft creaked on one hinge…',
  'Élodie came in from the rain – she was small, grey-eyed and very pale – and shook out her cloak. No one answered.',
].join('\n\n');

const groundOne = (quote: string, chapter = CHAPTER) => ground(chapter, [quote])[0];

test('a verbatim quote is exact, with the offsets of its slice', () => {
  const quote = 'its wheel had not turned for forty years';
  const start = CHAPTER.indexOf(quote);
  expect(groundOne(quote)).toEqual({
    status: 'exact',
    quote,
    start,
    end: start + quote.length,
    score: 1,
    slice: quote,
  });
  expect(groundOne(`«${quote}.»`)?.status).toBe('exact');
});

test('a quote with other typography, case or line breaks is normalised, and the slice is the book’s own', () => {
  expect(groundOne('WHO\'S THERE?" said\n  the miller.')).toMatchObject({
    status: 'normalised',
    slice: 'Who’s there?” said the miller.',
  });
  expect(groundOne('Elodie came in from the rain - she was small')).toMatchObject({
    status: 'normalised',
    slice: 'Élodie came in from the rain – she was small',
  });
  expect(groundOne('creaked on one hinge...')?.slice).toBe('creaked on one hinge…');
});

test('a decomposed chapter is found by a composed quote, at offsets of the chapter as it is', () => {
  const chapter = CHAPTER.normalize('NFD');
  const found = groundOne('Élodie came in', chapter);
  expect(found?.slice).toBe('Élodie came in'.normalize('NFD'));
  expect(chapter.slice(found?.start ?? 0, found?.end ?? 0)).toBe(found?.slice);
});

test('soft hyphens and doubled spaces inside or after a quote do not move its end', () => {
  const chapter = 'A cot\u00adtage\u00ad  by the  sea\u00ad. The end.';
  expect(groundOne('cottage', chapter)?.slice).toBe('cot\u00adtage');
  expect(groundOne('a cottage by the sea', chapter)?.slice).toBe(
    'A cot\u00adtage\u00ad  by the  sea',
  );
});

test('a quote that repeats gets the next place, then the first', () => {
  const places = ground(CHAPTER, ['No one answered.', 'No one answered.', 'No one answered.']);
  const first = CHAPTER.indexOf('No one answered');
  const second = CHAPTER.lastIndexOf('No one answered');
  expect(places.map((place) => place.start)).toEqual([first, second, first]);
});

test('a quote after another one is looked for behind it first', () => {
  const [, repeat] = ground(CHAPTER, ['grey-eyed and very pale', 'No one answered.']);
  expect(repeat?.start).toBe(CHAPTER.lastIndexOf('No one answered'));
});

test('a quote is looked for from the paragraph the model named', () => {
  const from = CHAPTER.indexOf('Élodie');
  const [found] = ground(CHAPTER, [{ quote: 'No one answered.', from }]);
  expect(found?.start).toBe(CHAPTER.lastIndexOf('No one answered'));
  const [elsewhere] = ground(CHAPTER, [{ quote: 'beyond the weir', from }]);
  expect(elsewhere?.start).toBe(CHAPTER.indexOf('beyond the weir'));
});

test('a part of a word is no place for a quote', () => {
  expect(groundOne('ill stood bey')?.status).toBe('unaligned');
  expect(groundOne('he')?.status).toBe('unaligned');
});

test('an ellipsis stands for what was left out, however it is written', () => {
  for (const gap of ['...', ' … ', '[…]', ' [...] ']) {
    expect(groundOne(`The mill stood${gap}for forty years.`)).toMatchObject({
      status: 'ellipsis',
      slice: 'The mill stood beyond the weir, and its wheel had not turned for forty years.',
    });
  }
});

test('an ellipsis does not join what stands far apart or in the other order', () => {
  const chapter = `The mill stood there. ${'Nothing was heard of it. '.repeat(40)}It fell in spring.`;
  expect(groundOne('The mill stood there … It fell in spring', chapter)?.status).not.toBe(
    'ellipsis',
  );
  expect(groundOne('forty years … The mill stood')?.status).not.toBe('ellipsis');
});

test('of several beginnings before one end, an elided quote takes the nearest', () => {
  const chapter = 'The door was shut. The door was old and its hinges were rusty.';
  expect(groundOne('The door was ... were rusty', chapter)?.start).toBe(19);
});

test('a quote with a word dropped or changed is fuzzy, with the score of the agreement', () => {
  const dropped = groundOne('its wheel had turned for forty years');
  expect(dropped).toMatchObject({
    status: 'fuzzy',
    slice: 'its wheel had not turned for forty years',
  });
  const changed = groundOne('The door of the old loft creaked on its hinge');
  expect(changed).toMatchObject({
    status: 'fuzzy',
    slice: 'The door of the long loft creaked on one hinge',
  });
  expect(changed?.score).toBeGreaterThan(0.72);
  expect(changed?.score).toBeLessThan(1);
});

test('what the chapter does not say is unaligned, with its best score and no place', () => {
  const quote = 'A black carriage waited under the chestnut trees by the gate';
  expect(groundOne(quote)).toMatchObject({
    status: 'unaligned',
    quote,
    start: null,
    end: null,
    slice: null,
  });
  const scrambled = groundOne('years forty for turned not had wheel its and weir');
  expect(scrambled?.status).toBe('unaligned');
  expect(scrambled?.score).toBeGreaterThan(0);
  for (const empty of ['', ' ', '«»', '…', '...'])
    expect(groundOne(empty)?.status).toBe('unaligned');
});

test('whatever the quotes, every one gets an answer, and every place is the slice it says', () => {
  const piece = fc.constantFrom(...CHAPTER.split(/(?<=\s)/u), '… ', '“', 'zebra ', '\u0301');
  const quotes = fc.array(fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')));
  fc.assert(
    fc.property(quotes, (asked) => {
      const answers = ground(CHAPTER, asked);
      expect(answers.map((answer) => answer.quote)).toEqual(asked);
      for (const { start, end, slice, score } of answers) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(slice).toBe(start === null ? null : CHAPTER.slice(start, end));
      }
    }),
  );
});

test('a quote as long as a chapter is refused in little time', () => {
  const words = Array.from({ length: 30_000 }, (_, index) => `w${(index * 7919) % 5003}`);
  const chapter = words.join(' ');
  const began = performance.now();
  const [whole, most] = ground(chapter, [
    words.toReversed().join(' '),
    words.slice(100, 1050).toReversed().join(' '),
  ]);
  expect(whole?.status).toBe('unaligned');
  expect(most?.status).toBe('unaligned');
  expect(performance.now() - began).toBeLessThan(3000);
});
