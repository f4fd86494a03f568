import { routes, type BookSearch } from '@scriptorium/contract';
import type { Queryable } from '@scriptorium/kernel';
import type { FastifyInstance } from 'fastify';
import { query } from '../../platform/database.ts';
import { route } from '../../platform/routes.ts';
import { assertOwnBook } from './books.repo.ts';

type Hit = BookSearch['hits'][number];

/** Chapters that are in memory at once. */
const BATCH = 8;
/** Characters shown at most on either side of a find. */
const AROUND = 60;

/** The search in one book, for readers. */
export function addSearchRoute(app: FastifyInstance, db: Queryable): void {
  route(app, routes.books.search, async ({ params, query: { q, limit }, user }) => {
    await assertOwnBook(db, params.id, user.id);
    const hits: Hit[] = [];
    for await (const chapter of chaptersOf(db, params.id, user.id)) {
      // One more than is asked for: whether there are more is part of the answer.
      hits.push(...findIn(chapter, q, limit + 1 - hits.length));
      if (hits.length > limit) break;
    }
    return { hits: hits.slice(0, limit), has_more: hits.length > limit };
  });
}

interface ChapterText {
  readonly number: number;
  readonly text: string;
}

async function* chaptersOf(db: Queryable, bookId: number, ownerId: number) {
  for (let after = 0; ;) {
    const rows = await query<ChapterText>(
      db,
      `SELECT c.number, c.text
         FROM chapters c
         JOIN books b ON b.id = c.book_id
        WHERE c.book_id = $1
          AND b.owner_id = $2
          AND c.number > $3
        ORDER BY c.number
        LIMIT ${BATCH}`,
      [bookId, ownerId, after],
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return;
    after = last.number;
  }
}

/**
 * In JavaScript rather than by ILIKE: what is asked for are offsets in UTF-16, and letters other than ASCII have no case in a
 * database whose locale is C.
 */
function findIn({ number, text }: ChapterText, wanted: string, most: number): Hit[] {
  return text
    .matchAll(patternOf(wanted))
    .take(most)
    .map((found) => {
      const [start, end] = [found.index, found.index + found[0].length];
      return {
        chapter: number,
        start,
        end,
        before: wordsBefore(text, start),
        match: found[0],
        after: wordsAfter(text, end),
      };
    })
    .toArray();
}

function patternOf(wanted: string): RegExp {
  const source = wanted.normalize('NFC').replaceAll(/\s+|./gsu, sourceOf);
  return new RegExp(source, 'giu');
}

/** Typesetters and people at a keyboard write the same marks differently. */
function sourceOf(character: string): string {
  if (character.trim() === '') return String.raw`\s+`;
  if ("'’ʼ‘".includes(character)) return "['’ʼ‘]";
  if ('"“”„«»'.includes(character)) return '["“”„«»]';
  return character.replace(/[\\^$.*+?()[\]{}|/]/u, String.raw`\$&`);
}

/** Whole words; where there are no spaces, whole characters. */
function wordsBefore(text: string, start: number): string {
  const from = start - AROUND;
  if (from <= 0) return text.slice(0, start);
  // One character more tells whether a word begins there.
  return `…${wholeCharacters(text.slice(from - 1, start).replace(/^\S*\s+/u, ''))}`;
}

function wordsAfter(text: string, end: number): string {
  const to = end + AROUND;
  if (to >= text.length) return text.slice(end);
  return `${wholeCharacters(text.slice(end, to + 1).replace(/\s+\S*$/u, ''))}…`;
}

/** Without the halves of characters that a cut has left at its ends. */
function wholeCharacters(piece: string): string {
  return piece.replaceAll(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');
}
