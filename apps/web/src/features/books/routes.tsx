import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute } from '../../app/root-route.tsx';

export const readerRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/books/$bookId/chapters/$number',
  component: lazyRouteComponent(() => import('./reader-page.tsx'), 'ReaderPage'),
});

export const booksRoutes = [readerRoute] as const;
