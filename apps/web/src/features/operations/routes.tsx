import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute } from '../../app/root-route.tsx';

export const operationsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/operations',
  component: lazyRouteComponent(() => import('./operations-page.tsx'), 'OperationsPage'),
});

export const operationsRoutes = [operationsRoute] as const;
