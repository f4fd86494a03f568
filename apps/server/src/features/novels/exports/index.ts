import type { ResultFormat } from '@scriptorium/contract';
import { toEpub } from './epub.ts';
import type { ExportedFile, ExportSource } from './export.ts';
import { toHtml } from './html.ts';
import { toCsv, toText, toTsv } from './text.ts';
import { toXlsx } from './xlsx.ts';

type Writer = (source: ExportSource) => ExportedFile['content'] | Promise<ExportedFile['content']>;

const FORMATS: Readonly<Record<ResultFormat, { mediaType: string; write: Writer }>> = {
  json: { mediaType: 'application/json', write: ({ result }) => JSON.stringify(result) },
  txt: { mediaType: 'text/plain; charset=utf-8', write: toText },
  csv: { mediaType: 'text/csv; charset=utf-8', write: toCsv },
  tsv: { mediaType: 'text/tab-separated-values; charset=utf-8', write: toTsv },
  xlsx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    write: toXlsx,
  },
  html: { mediaType: 'text/html; charset=utf-8', write: toHtml },
  epub: { mediaType: 'application/epub+zip', write: toEpub },
};

/** Writes a result in a format. Its name says the book, the options and whether something is missing. */
export async function exportResult(
  format: ResultFormat,
  source: ExportSource,
): Promise<ExportedFile> {
  const { mediaType, write } = FORMATS[format];
  return { mediaType, fileName: nameOf(format, source), content: await write(source) };
}

const LONGEST_TITLE = 80;

function nameOf(format: ResultFormat, { result }: ExportSource): string {
  // What a file system or a shell takes for something else.
  const title = result.title
    .replaceAll(/[\p{Cc}/\\:*?"<>|]+/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  const parts = [
    title.slice(0, LONGEST_TITLE) || 'Untitled',
    `${result.sentence_length_limit} words`,
    ...(result.is_offline ? ['offline rules'] : []),
    ...(result.is_partial ? ['PARTIAL'] : []),
  ];
  return `${parts.join(' - ')}.${format}`;
}
