import type { Book, ChapterSummary } from '@scriptorium/contract';
import { clip, COLUMNS, count, counted, pad, paint, plain, wrap } from '../terminal/text.ts';

const NUMBER = 4;
const CLASS = 8;
const WORDS = 7;
const FOUND = 12;
const TITLE = COLUMNS - 2 - NUMBER - CLASS - WORDS - FOUND - 4 * 2;

/** A book with its chapters, and why its service pages are taken for such. */
export function bookSummary(book: Book): string[] {
  const { chapters } = book;
  return [
    ...heading(book),
    '',
    ...chapterTable(chapters),
    ...laterChapters(chapters),
    ...servicePages(chapters),
  ];
}

function heading({ title, authors, language, format, words, chapters }: Book): string[] {
  const facts = [
    ...authors.map(plain),
    language ?? 'language unknown',
    format.toUpperCase(),
    counted(words, 'word'),
    counted(chapters.length, 'page'),
  ];
  return [
    `  ${paint.title(clip(plain(title), COLUMNS - 2))}`,
    `  ${paint.faint(facts.join(' · '))}`,
  ];
}

function chapterTable(chapters: readonly ChapterSummary[]): string[] {
  const head = row(['#', 'title', 'class', 'words', 'descriptions']);
  return [
    paint.faint(head),
    ...chapters.map((chapter) => {
      const { number, title, page_class: pageClass, words } = chapter;
      const line = row([String(number), plain(title), pageClass, count(words), found(chapter)]);
      return pageClass === 'chapter' ? line : paint.faint(line);
    }),
  ];
}

/** How many, or why there is no number. */
function found({ status, descriptions_found: descriptions }: ChapterSummary): string {
  switch (status) {
    case 'ready':
      return count(descriptions);
    case 'preparing':
      return 'preparing';
    case 'failed':
      return 'failed';
    case 'waiting':
    case 'skipped':
      return '–';
  }
}

function row([number = '', title = '', pageClass = '', words = '', descriptions = '']: string[]) {
  return `  ${[
    pad(number, NUMBER, 'right'),
    pad(clip(title, TITLE), TITLE),
    pad(pageClass, CLASS),
    pad(words, WORDS, 'right'),
    pad(descriptions, FOUND, 'right'),
  ].join('  ')}`;
}

/** Only the first chapters of a book are prepared before anybody reads it. */
function laterChapters(chapters: readonly ChapterSummary[]): string[] {
  const waiting = chapters.filter(({ status, page_class: pageClass }) => {
    return status === 'waiting' && pageClass === 'chapter';
  });
  if (waiting.length === 0) return [];
  const later = `${counted(waiting.length, 'more chapter')} will be prepared when somebody reads on.`;
  return ['', `  ${paint.faint(later)}`];
}

function servicePages(chapters: readonly ChapterSummary[]): string[] {
  const pages = chapters.filter((chapter) => chapter.is_service_page);
  if (pages.length === 0) return [];
  const indent = ' '.repeat(2 + NUMBER + 2);
  return [
    '',
    `  ${paint.title('Service pages')} ${paint.faint('shown, but not prepared')}`,
    ...pages.flatMap(({ number, title, service_page_reason: reason }) => [
      `  ${pad(String(number), NUMBER, 'right')}  ${clip(plain(title), COLUMNS - indent.length)}`,
      ...wrap(plain(reason ?? ''), COLUMNS - indent.length).map(
        (line) => indent + paint.faint(line),
      ),
    ]),
  ];
}

/** The descriptions of all chapters together. */
export function countDescriptions({ chapters }: Book): number {
  return chapters.reduce((sum, chapter) => sum + chapter.descriptions_found, 0);
}
