import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute } from '../../app/root-route.tsx';

export const novelsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/novels',
  component: lazyRouteComponent(() => import('./novels-page.tsx'), 'NovelsPage'),
});

export const novelsRoutes = [novelsRoute] as const;
