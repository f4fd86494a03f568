import type { Metadata } from '../book.ts';
import { shortLine } from '../content/clean.ts';
import { plainTextOfHtml } from '../epub/xhtml.ts';
import type { Limits } from '../limits.ts';
import { normalizeLanguage, titleFromFileName } from '../metadata.ts';
import type { MobiHeader } from './header.ts';

/** Types of EXTH entries, by the names of the MobileRead wiki. */
const EXTH = {
  author: 100,
  publisher: 101,
  description: 103,
  isbn: 104,
  publishingDate: 106,
  source: 112,
  asin: 113,
  coverOffset: 201,
  updatedTitle: 503,
  language: 524,
  pageProgression: 527,
} as const;

const MAX_AUTHORS = 50;
const MAX_VALUE_BYTES = 50_000;

/** Primary languages of Microsoft's identifiers, for books without an EXTH entry. */
const LANGUAGES: Readonly<Record<number, string>> = {
  4: 'zh',
  5: 'cs',
  6: 'da',
  7: 'de',
  8: 'el',
  9: 'en',
  10: 'es',
  11: 'fi',
  12: 'fr',
  14: 'hu',
  16: 'it',
  17: 'ja',
  18: 'ko',
  19: 'nl',
  20: 'no',
  21: 'pl',
  22: 'pt',
  25: 'ru',
  29: 'sv',
  31: 'tr',
  34: 'uk',
};

/** Title, authors and the rest, from EXTH and the header. */
export function readMetadata(
  header: MobiHeader,
  encoding: string,
  limits: Limits,
  fileName: string | undefined,
): Metadata {
  const decoder = new TextDecoder(encoding);
  const decode = (value: Buffer): string => decoder.decode(value.subarray(0, MAX_VALUE_BYTES));
  const all = (type: number): string[] => (header.exth.get(type) ?? []).map(decode);
  const first = (type: number): string => shortLine(all(type)[0] ?? '');

  const title = first(EXTH.updatedTitle) || shortLine(decode(header.fullName));
  const names = all(EXTH.author)
    .flatMap((value) => value.split(';'))
    .map((name) => shortLine(name))
    .filter(Boolean);
  const metadata: Metadata = {
    title: title || titleFromFileName(fileName),
    authors: [...new Set(names)].slice(0, MAX_AUTHORS),
    language: normalizeLanguage(first(EXTH.language)) ?? LANGUAGES[header.locale & 0x3ff] ?? null,
  };
  const identifier = first(EXTH.isbn) || first(EXTH.source) || first(EXTH.asin);
  const publisher = first(EXTH.publisher);
  const date = first(EXTH.publishingDate);
  const description = plainTextOfHtml(all(EXTH.description)[0] ?? '', limits);
  const direction = first(EXTH.pageProgression);
  if (identifier !== '') metadata.identifier = identifier;
  if (publisher !== '') metadata.publisher = publisher;
  if (date !== '') metadata.date = date;
  if (description !== '') metadata.description = description;
  if (direction === 'ltr' || direction === 'rtl') metadata.direction = direction;
  return metadata;
}

/** The cover's number among the pictures, or null. */
export function coverIndex(header: MobiHeader): number | null {
  const value = header.exth.get(EXTH.coverOffset)?.[0];
  return value?.length === 4 ? value.readUInt32BE(0) : null;
}
