import { ApiError, routes } from '@scriptorium/contract';
import { api } from '../../../api/index.ts';
import { thisDevice } from './device.ts';
import type { Place } from './places.ts';
import type { Log, Sent } from './unsent.ts';

/** Sends places of this browser; with `isLeaving` in a way that outlives the page. */
export async function sendPlaces(
  { userId, bookId }: Log,
  places: readonly Place[],
  isLeaving = false,
): Promise<Sent> {
  const device = thisDevice();
  if (device === undefined) return 'later';
  const positions = places.map(({ chapter, offset, at }) => ({
    chapter,
    offset,
    at: new Date(at).toISOString(),
  }));
  try {
    const params = { id: bookId };
    await api.call(routes.books.recordPositions, {
      params,
      body: { device, positions },
      keepalive: isLeaving,
    });
    return 'taken';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return (await isHopeless(error, userId)) ? 'refused' : 'later';
  }
}

/**
 * True for places that the server will never take: the book was deleted. Whoever else has signed in meanwhile in another window hears the
 * same of a book that is there, and it is not theirs to give up places of.
 */
async function isHopeless({ status }: ApiError, userId: number): Promise<boolean> {
  if (status !== 404 && status !== 400) return false;
  try {
    const { user } = await api.call(routes.auth.me, {});
    return user.id === userId;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}
