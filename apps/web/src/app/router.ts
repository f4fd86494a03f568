import { createRouter } from '@tanstack/react-router';
import { accountRoutes, publicAccountRoutes } from '../features/accounts/index.ts';
import { booksRoutes } from '../features/books/index.ts';
import { jobsRoutes } from '../features/jobs/index.ts';
import { libraryRoutes } from '../features/library/index.ts';
import { novelsRoutes } from '../features/novels/index.ts';
import { operationsRoutes } from '../features/operations/index.ts';
import { noteMove, takeLostFocus } from '../components/lost-focus.ts';
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

router.subscribe('onBeforeNavigate', ({ fromLocation, pathChanged }) => {
  if (fromLocation !== undefined && pathChanged) noteMove();
});
// A screen that is new takes the focus by itself; this is for one that stays, such as the reader from chapter to chapter.
router.subscribe('onRendered', ({ pathChanged }) => {
  if (pathChanged) takeLostFocus(document.querySelector<HTMLElement>('#content'));
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
