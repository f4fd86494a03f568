import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { sessionQuery } from '../../api/session.ts';
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
  component: lazyRouteComponent(() => import('./reader/reader-page.tsx'), 'ReaderPage'),
});

/** Where the person was last in this book, else its beginning. */
export const continueRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/books/$bookId/read',
  beforeLoad: async ({ context, params }) => {
    const user = await context.queryClient.query(sessionQuery);
    const last = lastOf(readPlaces(placesName(user?.id ?? 0, Number(params.bookId))));
    redirect({
      to: '/books/$bookId/chapters/$number',
      params: { bookId: params.bookId, number: String(last?.chapter ?? 1) },
      replace: true,
      throw: true,
    });
  },
});

export const booksRoutes = [readerRoute, continueRoute] as const;
