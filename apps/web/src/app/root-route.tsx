import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, Outlet, redirect } from '@tanstack/react-router';
import { sessionQuery } from '../api/session.ts';
import { BrokenScreen } from './broken-screen.tsx';
import { NotFound } from './not-found.tsx';
import { Shell } from './shell/shell.tsx';

export interface RouterContext {
  readonly queryClient: QueryClient;
}

export const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  errorComponent: BrokenScreen,
  notFoundComponent: NotFound,
});

/** The parent of every screen that needs somebody signed in; others are sent to the sign-in and back. */
export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const user = await context.queryClient.query(sessionQuery);
    if (user === null) redirect({ to: '/sign-in', search: { next: location.href }, throw: true });
  },
});
