import type { Book, Description } from '@scriptorium/contract';

export const EXPORT_FORMATS = ['json', 'csv', 'md'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A chapter with what is to be exported of it. */
export interface ChapterFindings {
  readonly number: number;
  readonly title: string;
  readonly engine: string | null;
  readonly descriptions: readonly Description[];
}

const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  json: 'application/json',
  csv: 'text/csv;charset=utf-8',
  md: 'text/markdown;charset=utf-8',
};

type BookHead = Pick<Book, 'title' | 'authors'>;

/** The text of the file. Offsets count UTF-16 code units of the chapter's text. */
export function writeExport(
  format: ExportFormat,
  book: BookHead,
  chapters: readonly ChapterFindings[],
): string {
  switch (format) {
    case 'json':
      return writeJson(book, chapters);
    case 'csv':
      return writeCsv(chapters);
    case 'md':
      return writeMarkdown(book, chapters);
  }
}

function writeJson({ title, authors }: BookHead, chapters: readonly ChapterFindings[]): string {
  return `${JSON.stringify({ title, authors, chapters }, null, 2)}\n`;
}

const COLUMNS = ['chapter', 'title', 'kind', 'quote', 'start', 'end', 'confidence', 'engine'];

/** RFC 4180, with the mark by which spreadsheets know UTF-8. */
function writeCsv(chapters: readonly ChapterFindings[]): string {
  const rows = chapters.flatMap(({ number, title, descriptions }) =>
    descriptions.map(({ kind, quote, start, end, confidence, engine }) => [
      number,
      title,
      kind,
      quote,
      start,
      end,
      confidence,
      engine,
    ]),
  );
  return `\uFEFF${[COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}

function cell(value: string | number): string {
  const text = String(value);
  // A spreadsheet would run a text that begins like a formula.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function writeMarkdown({ title, authors }: BookHead, chapters: readonly ChapterFindings[]): string {
  const head = [`# ${escape(title)}`, ...(authors.length > 0 ? [escape(authors.join(', '))] : [])];
  const parts = chapters.flatMap((chapter) => [
    `## ${chapter.number}. ${escape(chapter.title)}`,
    ...chapter.descriptions.map(
      ({ kind, quote }) => `**${kind}**\n\n${quote.split('\n').map(quoted).join('\n')}`,
    ),
  ]);
  return `${[...head, ...parts].join('\n\n')}\n`;
}

function quoted(line: string): string {
  return `> ${escape(line)}`.trimEnd();
}

function escape(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#]/gu, String.raw`\$&`);
}

/** Hands a text to the person as a file. */
export function saveExport(format: ExportFormat, book: BookHead, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: MEDIA_TYPES[format] }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${fileName(book.title)}.descriptions.${format}`;
  link.click();
  URL.revokeObjectURL(url);
}

/** What every file system takes; letters of every script stay. */
function fileName(title: string): string {
  const name = title.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-+|-+$/gu, '');
  return name.slice(0, 80) || 'book';
}
