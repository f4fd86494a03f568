import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../../app/lazy-screen.ts';
import { signedInRoute } from '../../app/root-route.tsx';
import { oneOf, optionalText } from '../../app/search-params.ts';
import { PIPELINES, STATUS_FILTERS } from './filters.ts';

const jobsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/jobs',
  validateSearch: (search: Record<string, unknown>) => ({
    ...optionalText(search, 'q'),
    ...oneOf(search, 'status', STATUS_FILTERS),
    ...oneOf(search, 'pipeline', PIPELINES),
  }),
  component: lazyScreen(() => import('./jobs-page.tsx'), 'JobsPage'),
});

const jobRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/jobs/$jobId',
  validateSearch: (search: Record<string, unknown>) => oneOf(search, 'view', ['table']),
  component: lazyScreen(() => import('./job-page.tsx'), 'JobPage'),
});

export const jobsRoutes = [jobsRoute, jobRoute] as const;
