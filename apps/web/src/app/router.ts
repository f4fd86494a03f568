import { createRouter } from '@tanstack/react-router';
import { accountRoutes, publicAccountRoutes } from '../features/accounts/index.ts';
import { booksRoutes } from '../features/books/index.ts';
import { jobsRoutes } from '../features/jobs/index.ts';
import { libraryRoutes } from '../features/library/index.ts';
import { novelsRoutes } from '../features/novels/index.ts';
import { operationsRoutes } from '../features/operations/index.ts';
import { ScreenLoading } from './screen-loading.tsx';
import { queryClient } from './query-client.ts';
import { rootRoute, signedInRoute } from './root-route.tsx';

const routeTree = rootRoute.addChildren([
  ...publicAccountRoutes,
  signedInRoute.addChildren([
    ...libraryRoutes,
    ...booksRoutes,
    ...novelsRoutes,
    ...jobsRoutes,
    ...accountRoutes,
    ...operationsRoutes,
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPendingComponent: ScreenLoading,
  defaultPendingMs: 300,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
