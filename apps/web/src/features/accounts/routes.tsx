import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute, signedInRoute } from '../../app/root-route.tsx';
import { optionalText } from '../../app/search-params.ts';

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>) => optionalText(search, 'next'),
  component: lazyRouteComponent(() => import('./sign-in/sign-in-page.tsx'), 'SignInPage'),
});

/** The one-time link that the server prints at its first start. */
export const claimRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/first/$token',
  component: lazyRouteComponent(() => import('./sign-in/claim-page.tsx'), 'ClaimPage'),
});

export const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./account-page.tsx'), 'AccountPage'),
});

/** Screens for people who are not signed in. */
export const publicAccountRoutes = [signInRoute, claimRoute] as const;
export const accountRoutes = [accountRoute] as const;
