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

  it('as CSV follows RFC 4180, with the mark of UTF-8, and gives a spreadsheet no formula', () => {
    expect(writeExport('csv', BOOK, CHAPTERS)).toBe(
      [
        '\uFEFFchapter,title,kind,quote,start,end,confidence,engine',
        '3,"The ""Mill""",place,"The mill, ""old"",\nstood _there_.",4,34,0.75,offline-rules/1',
        `3,"The ""Mill""",object,"'=HYPERLINK(""x"")",40,55,0.5,offline-rules/1`,
        '',
      ].join('\r\n'),
    );
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
