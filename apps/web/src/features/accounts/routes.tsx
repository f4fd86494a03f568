import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../../app/lazy-screen.ts';
import { rootRoute, signedInRoute } from '../../app/root-route.tsx';
import { optionalText } from '../../app/search-params.ts';

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>) => optionalText(search, 'next'),
  component: lazyScreen(() => import('./sign-in/sign-in-page.tsx'), 'SignInPage'),
});

/** The one-time link that the server prints at its first start. */
export const claimRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/first/$token',
  component: lazyScreen(() => import('./one-time-links/claim-page.tsx'), 'ClaimPage'),
});

export const registerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/register',
  component: lazyScreen(() => import('./one-time-links/register-page.tsx'), 'RegisterPage'),
});

export const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation/$token',
  component: lazyScreen(() => import('./one-time-links/invitation-page.tsx'), 'InvitationPage'),
});

export const resetPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset-password/$token',
  component: lazyScreen(
    () => import('./one-time-links/reset-password-page.tsx'),
    'ResetPasswordPage',
  ),
});

export const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account',
  component: lazyScreen(() => import('./preferences/preferences-page.tsx'), 'PreferencesPage'),
});

export const creditsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account/credits',
  component: lazyScreen(() => import('./credits/credits-page.tsx'), 'CreditsPage'),
});

export const keysRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account/keys',
  component: lazyScreen(() => import('./keys/keys-page.tsx'), 'KeysPage'),
});

export const securityRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account/security',
  component: lazyScreen(() => import('./security/security-page.tsx'), 'SecurityPage'),
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
