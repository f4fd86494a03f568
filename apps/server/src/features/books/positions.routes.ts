import { routes } from '@scriptorium/contract';
import type { FastifyInstance } from 'fastify';
import { answer, route } from '../../platform/routes.ts';
import { bookNotFound, tooManyPositions } from './books.errors.ts';
import { assertOwnBook } from './books.repo.ts';
import type { BooksOptions } from './books.routes.ts';
import { chapterNotFound } from './chapters.repo.ts';
import { lockBook } from './locks.ts';
import {
  addPositions,
  countPositions,
  findMissingChapter,
  listPositions,
  thinPositions,
} from './positions.repo.ts';

/** Of one reader in one book. Somebody who reads it every day on two devices comes to 2,000 and four a day. */
const MOST_POSITIONS = 20_000;

/** Where a reader is in a book, on each of their devices. */
export function addPositionRoutes(
  app: FastifyInstance,
  { db, kernel }: Pick<BooksOptions, 'db' | 'kernel'>,
): void {
  route(app, routes.books.positions, async ({ params, user }) => {
    await assertOwnBook(db, params.id, user.id);
    return { positions: await listPositions(db, params.id, user.id) };
  });

  route(app, routes.books.recordPositions, async ({ params, body, user }) => {
    const by = { bookId: params.id, userId: user.id, device: body.device };
    await kernel.transaction(async (tx) => {
      // Keeps the book from being deleted meanwhile.
      if (!(await lockBook(tx, by.bookId, by.userId, 'present'))) throw bookNotFound(by.bookId);
      const chapters = body.positions.map(({ chapter }) => chapter);
      const missing = await findMissingChapter(tx, by.bookId, chapters);
      if (missing !== undefined) throw chapterNotFound(by.bookId, missing);
      await addPositions(tx, by, body.positions);
      await thinPositions(tx, by);
      if ((await countPositions(tx, by.bookId, by.userId)) > MOST_POSITIONS) {
        throw tooManyPositions(by.bookId, MOST_POSITIONS);
      }
    });
    return answer(204, undefined);
  });
}
