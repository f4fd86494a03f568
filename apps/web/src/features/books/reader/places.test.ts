import { beforeEach, describe, expect, it } from 'vitest';
import { addPlace, furthestOf, isBefore, lastOf, placesName, readPlaces } from './places.ts';
import { openStorage } from './testing.ts';

const NAME = placesName(1, 7);
beforeEach(openStorage);

describe('the log of places', () => {
  it('keeps every place of a reader in a book, apart from other readers and books', () => {
    addPlace(NAME, { chapter: 2, offset: 10, at: 1 });
    addPlace(NAME, { chapter: 1, offset: 5, at: 2 });
    addPlace(placesName(1, 8), { chapter: 9, offset: 9, at: 3 });
    addPlace(placesName(2, 7), { chapter: 8, offset: 8, at: 4 });
    expect(readPlaces(NAME)).toEqual([
      { chapter: 2, offset: 10, at: 1 },
      { chapter: 1, offset: 5, at: 2 },
    ]);
    expect(lastOf(readPlaces(NAME))).toMatchObject({ chapter: 1, offset: 5 });
    expect(lastOf(readPlaces(NAME), 2)).toMatchObject({ offset: 10 });
    expect(furthestOf(readPlaces(NAME))).toMatchObject({ chapter: 2, offset: 10 });
  });

  it('passes over what it cannot read, and loses nothing by it', () => {
    localStorage.setItem('scriptorium.places.1.7', '2 10 1\nnonsense\n\n3 NaN 2\n4 1 9');
    addPlace(NAME, { chapter: 5, offset: 0, at: 10 });
    expect(readPlaces(NAME).map(({ chapter }) => chapter)).toEqual([2, 4, 5]);
  });

  it('stays small, and never forgets how far somebody came nor where they were last in a chapter', () => {
    addPlace(NAME, { chapter: 30, offset: 77, at: 0 });
    for (let at = 1; at <= 3000; at += 1) {
      addPlace(NAME, { chapter: 1 + (at % 3), offset: at, at });
    }
    const places = readPlaces(NAME);
    expect(places.length).toBeLessThanOrEqual(400);
    expect(furthestOf(places)).toMatchObject({ chapter: 30, offset: 77 });
    expect(lastOf(places)).toMatchObject({ at: 3000 });
    expect(lastOf(places, 3)).toMatchObject({ at: 2999 });
  });

  it('has a place once for as long as somebody stays there, from when they came', () => {
    addPlace(NAME, { chapter: 2, offset: 10, at: 1 });
    addPlace(NAME, { chapter: 2, offset: 10, at: 2 });
    addPlace(NAME, { chapter: 2, offset: 20, at: 3 });
    addPlace(NAME, { chapter: 2, offset: 10, at: 4 });
    expect(readPlaces(NAME).map(({ at }) => at)).toEqual([1, 3, 4]);
  });

  it('orders places as the book does', () => {
    expect(isBefore({ chapter: 2, offset: 1 }, { chapter: 2, offset: 2 })).toBe(true);
    expect(isBefore({ chapter: 2, offset: 9 }, { chapter: 3, offset: 0 })).toBe(true);
    expect(isBefore({ chapter: 2, offset: 2 }, { chapter: 2, offset: 2 })).toBe(false);
  });
});
