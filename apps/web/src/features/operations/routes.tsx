import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../../app/lazy-screen.ts';
import { signedInRoute } from '../../app/root-route.tsx';
import { oneOf, optionalText } from '../../app/search-params.ts';
import { SHOWN } from './people/shown.ts';

export const operationsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/operations',
  component: lazyScreen(() => import('./overview/overview-page.tsx'), 'OverviewPage'),
});

export const peopleRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/operations/people',
  validateSearch: (search: Record<string, unknown>) => ({
    ...optionalText(search, 'q'),
    ...oneOf(search, 'show', SHOWN),
  }),
  component: lazyScreen(() => import('./people/people-page.tsx'), 'PeoplePage'),
});

export const personRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/operations/people/$userId',
  component: lazyScreen(() => import('./people/person-page.tsx'), 'PersonPage'),
});

export const invitationsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/operations/invitations',
  component: lazyScreen(() => import('./invitations/invitations-page.tsx'), 'InvitationsPage'),
});

export const operationsRoutes = [
  operationsRoute,
  peopleRoute,
  personRoute,
  invitationsRoute,
] as const;
