import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../../app/lazy-screen.ts';
import { signedInRoute } from '../../app/root-route.tsx';
import { BOOK_ORDERS } from './book-orders.ts';
import { oneOf, optionalText } from '../../app/search-params.ts';

export const libraryRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  validateSearch: (search: Record<string, unknown>) => ({
    ...optionalText(search, 'q'),
    ...oneOf(search, 'sort', BOOK_ORDERS),
  }),
  component: lazyScreen(() => import('./library-page.tsx'), 'LibraryPage'),
});

export const bookRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/books/$bookId',
  component: lazyScreen(() => import('./book/book-page.tsx'), 'BookPage'),
});

export const libraryRoutes = [libraryRoute, bookRoute] as const;
