import { describe, expect, test } from 'vitest';
import type { PdfPage } from '../pages.ts';
import { measure } from './measure.ts';
import { findRunningHeads } from './running-heads.ts';
import { centred, line, page, sentence, story, withLines } from './testing.ts';

function found(pages: readonly PdfPage[]): string[] {
  return [...findRunningHeads(pages, measure(pages))].map(({ text }) => text).sort();
}

function book(count: number, added: (index: number) => Parameters<typeof line>[]): PdfPage[] {
  return Array.from({ length: count }, (_, i) =>
    withLines(page(i, story(4, i)), ...added(i).map(([text, place]) => line(text, place))),
  );
}

describe('running heads and page numbers', () => {
  test('heads that alternate between author and title go, and so do the numbers below', () => {
    const pages = book(6, (i) => [
      [i % 2 === 0 ? 'ÉMILE ZOLA' : 'Germinal', { y: 40, size: 8 }],
      [String(i + 17), { y: 570, size: 8 }],
    ]);
    expect(found(pages)).toEqual([
      ...Array.from({ length: 6 }, (_, i) => String(17 + i)),
      ...Array.from({ length: 3 }, () => 'Germinal'),
      ...Array.from({ length: 3 }, () => 'ÉMILE ZOLA'),
    ]);
  });

  test('a number counts as a page number only at the distance of the others', () => {
    const notes = new Map([
      [1, '3'],
      [4, '4'],
      [6, '5'],
    ]);
    const pages = book(8, (i) => [
      ...(notes.has(i) ? [[notes.get(i)!, { y: 540, size: 7 }] as Parameters<typeof line>] : []),
      [`– ${i + 9} –`, { y: 570, size: 8 }],
    ]);
    expect(found(pages)).toEqual(Array.from({ length: 8 }, (_, i) => `– ${i + 9} –`).sort());
  });

  test('Roman page numbers of front matter go before the Arabic ones of the text', () => {
    const roman = ['i', 'ii', 'iii', 'iv'];
    const pages = book(8, (i) => [[roman[i] ?? String(i - 3), { y: 570 }]]);
    expect(found(pages)).toEqual(['1', '2', '3', '4', ...roman].sort());
  });

  test('a head and its number go when they are one line, whatever the chapter', () => {
    const pages = book(8, (i) => [[`Chapitre ${'ABCDEFGH'[i]} ${i + 3}`, { y: 40 }]]);
    expect(found(pages)).toHaveLength(8);
  });

  test('a head that changes with each section goes by its place', () => {
    const names = ['Le port', 'La mer', 'Un ami', 'La nuit', 'Le jour', 'La fin'];
    expect(found(book(6, (i) => [[names[i]!, { y: 40 }]]))).toEqual(names.toSorted());
  });

  test('prose that stands apart at the top of each page stays', () => {
    expect(found(book(6, (i) => [[sentence(i).slice(-50), { y: 40 }]]))).toEqual([]);
  });

  test('no line larger than the text goes, however often it recurs', () => {
    const pages = book(6, () => [['Entracte', { y: 40, size: 14 }]]);
    expect(found(pages)).toEqual([]);
  });

  test('numbered headings of the size of the text stay, the same head on each page of a chapter goes', () => {
    const chapters = Array.from({ length: 6 }, (_, i) =>
      page(i, [centred(`Chapitre ${i + 1}`), 2, ...story(3, i)]),
    );
    expect(found(chapters)).toEqual([]);
    const heads = book(6, (i) => [[`Chapitre ${i < 3 ? 1 : 2}`, { y: 40 }]]);
    expect(found(heads)).toHaveLength(6);
  });

  test('a line that recurs only twice stays', () => {
    expect(found(book(2, () => [['La Revue', { y: 40 }]]))).toEqual([]);
  });
});
