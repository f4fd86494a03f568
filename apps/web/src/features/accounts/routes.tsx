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
  component: lazyRouteComponent(() => import('./one-time-links/claim-page.tsx'), 'ClaimPage'),
});

export const registerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/register',
  component: lazyRouteComponent(() => import('./one-time-links/register-page.tsx'), 'RegisterPage'),
});

export const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation/$token',
  component: lazyRouteComponent(
    () => import('./one-time-links/invitation-page.tsx'),
    'InvitationPage',
  ),
});

export const resetPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset-password/$token',
  component: lazyRouteComponent(
    () => import('./one-time-links/reset-password-page.tsx'),
    'ResetPasswordPage',
  ),
});

export const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account',
  component: lazyRouteComponent(
    () => import('./preferences/preferences-page.tsx'),
    'PreferencesPage',
  ),
});

export const creditsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account/credits',
  component: lazyRouteComponent(() => import('./credits/credits-page.tsx'), 'CreditsPage'),
});

export const keysRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account/keys',
  component: lazyRouteComponent(() => import('./keys/keys-page.tsx'), 'KeysPage'),
});

export const securityRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account/security',
  component: lazyRouteComponent(() => import('./security/security-page.tsx'), 'SecurityPage'),
});

/** Screens for people who are not signed in. */
export const publicAccountRoutes = [
  signInRoute,
  claimRoute,
  registerRoute,
  invitationRoute,
  resetPasswordRoute,
] as const;
export const accountRoutes = [accountRoute, creditsRoute, keysRoute, securityRoute] as const;
