import { ApiError, routes } from '@scriptorium/contract';
import type { QueryClient } from '@tanstack/react-query';
import { createRoute, redirect } from '@tanstack/react-router';
import { query } from '../../api/index.ts';
import { sessionQuery } from '../../api/session.ts';
import { lazyScreen } from '../../app/lazy-screen.ts';
import { signedInRoute } from '../../app/root-route.tsx';
import { optionalText } from '../../app/search-params.ts';
import { lastOf, placesName, readPlaces } from './reader/places.ts';

/** An offset into the chapter's text to go to. */
function place(search: Readonly<Record<string, unknown>>): { readonly at?: number } {
  const at = typeof search['at'] === 'number' ? search['at'] : Number.NaN;
  return Number.isSafeInteger(at) && at >= 0 ? { at } : {};
}

export const readerRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/books/$bookId/chapters/$number',
  validateSearch: (search: Record<string, unknown>) => ({
    ...place(search),
    ...optionalText(search, 'q'),
  }),
  component: lazyScreen(() => import('./reader/reader-page.tsx'), 'ReaderPage'),
});

/**
 * Where the person was last in this book: on this device, or where it has never been opened, on another one; else its beginning. Whoever
 * comes here has asked to be taken there.
 */
export const continueRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/books/$bookId/read',
  beforeLoad: async ({ context, params }) => {
    const user = await context.queryClient.query(sessionQuery);
    const id = Number(params.bookId);
    const own = lastOf(readPlaces(placesName(user?.id ?? 0, id)));
    const other = own === undefined ? await newestElsewhere(context.queryClient, id) : undefined;
    redirect({
      to: '/books/$bookId/chapters/$number',
      params: { bookId: params.bookId, number: String((own ?? other)?.chapter ?? 1) },
      search: other === undefined ? {} : { at: other.offset },
      replace: true,
      throw: true,
    });
  },
});

/** Undefined also where the server cannot be asked: the book opens at its beginning, and the reader asks later. */
async function newestElsewhere(client: QueryClient, id: number) {
  try {
    const { positions } = await client.query(query(routes.books.positions, { params: { id } }));
    return positions[0];
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

export const booksRoutes = [readerRoute, continueRoute] as const;
