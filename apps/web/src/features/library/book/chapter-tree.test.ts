import type { ChapterSummary } from '@scriptorium/contract';
import { expect, test } from 'vitest';
import { chapterTree, type Entry } from './chapter-tree.ts';

function chapter(number: number, ...path: string[]): ChapterSummary {
  return {
    book_id: 1,
    number,
    title: `Chapter ${number}`,
    path,
    words: 100,
    page_class: 'chapter',
    is_service_page: false,
    service_page_reason: null,
    service_page_reason_code: null,
    is_corrected: false,
    can_undo: false,
    is_description_parsed: false,
    descriptions_found: 0,
    status: 'waiting',
    job_id: null,
    preparation: null,
  };
}

function outline(entries: readonly Entry[]): unknown[] {
  return entries.map((entry) =>
    entry.kind === 'chapter'
      ? entry.chapter.number
      : { [entry.part.title]: outline(entry.part.entries) },
  );
}

test('chapters stand below the titles above them, each title once while its chapters follow one another', () => {
  const chapters = [
    chapter(1),
    chapter(2, 'Part I'),
    chapter(3, 'Part I', 'Winter'),
    chapter(4, 'Part I', 'Winter'),
    chapter(5, 'Part II'),
    chapter(6),
    chapter(7, 'Part I'),
  ];
  expect(outline(chapterTree(chapters))).toEqual([
    1,
    { 'Part I': [2, { Winter: [3, 4] }] },
    { 'Part II': [5] },
    6,
    { 'Part I': [7] },
  ]);
});

test('a shorter path ends the deeper parts', () => {
  const chapters = [chapter(1, 'A', 'B'), chapter(2, 'A'), chapter(3, 'A', 'B')];
  expect(outline(chapterTree(chapters))).toEqual([{ A: [{ B: [1] }, 2, { B: [3] }] }]);
});

test('a page that bears the title of the part after it becomes its heading', () => {
  const divider = { ...chapter(1), title: 'Part I' };
  const [part, ...others] = chapterTree([divider, chapter(2, 'Part I'), chapter(3, 'Part I')]);
  expect(others).toEqual([]);
  expect(part).toMatchObject({ kind: 'part', part: { title: 'Part I', own: { number: 1 } } });
  expect(outline(part === undefined ? [] : [part])).toEqual([{ 'Part I': [2, 3] }]);
});
