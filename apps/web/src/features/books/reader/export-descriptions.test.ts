import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { writeExport, type ChapterFindings } from './export-descriptions.ts';

const BOOK = { title: 'A *grey* House', authors: ['Ann Lee', 'Bo'] };
const CHAPTERS: readonly ChapterFindings[] = [
  {
    number: 3,
    title: 'The "Mill"',
    engine: 'offline-rules/1',
    descriptions: [
      {
        id: 1,
        kind: 'place',
        quote: 'The mill, "old",\nstood _there_.',
        start: 4,
        end: 34,
        confidence: 0.75,
        engine: 'offline-rules/1',
      },
      {
        id: 2,
        kind: 'object',
        quote: '=HYPERLINK("x")',
        start: 40,
        end: 55,
        confidence: 0.5,
        engine: 'offline-rules/1',
      },
    ],
  },
];

describe('the export of descriptions', () => {
  it('as JSON is what the server said, below its chapters', () => {
    expect(JSON.parse(writeExport('json', BOOK, CHAPTERS))).toEqual({
      ...BOOK,
      chapters: CHAPTERS,
    });
  });

  it('as CSV is read again to the character, and gives a spreadsheet no formula', () => {
    const csv = writeExport('csv', BOOK, CHAPTERS);
    expect(csv.startsWith('\uFEFF')).toBe(true);
    const { data, errors } = Papa.parse<Record<string, string>>(csv.slice(1), {
      header: true,
      skipEmptyLines: true,
    });
    expect(errors).toEqual([]);
    expect(data).toEqual([
      expect.objectContaining({
        chapter: '3',
        title: 'The "Mill"',
        kind: 'place',
        quote: 'The mill, "old",\nstood _there_.',
        start: '4',
        end: '34',
      }),
      expect.objectContaining({ quote: `'=HYPERLINK("x")` }),
    ]);
  });

  it('as Markdown quotes the passages under their chapters, with nothing in them that formats', () => {
    expect(writeExport('md', BOOK, CHAPTERS)).toBe(
      [
        String.raw`# A \*grey\* House`,
        'Ann Lee, Bo',
        '## 3. The "Mill"',
        '**place**',
        '> The mill, "old",\n> stood \\_there\\_.',
        '**object**',
        '> =HYPERLINK("x")\n',
      ].join('\n\n'),
    );
  });
});
