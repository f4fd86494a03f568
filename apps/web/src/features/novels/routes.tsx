import { createRoute } from '@tanstack/react-router';
import { lazyScreen } from '../../app/lazy-screen.ts';
import { signedInRoute } from '../../app/root-route.tsx';
import { oneOf, optionalNumber, optionalText } from '../../app/search-params.ts';
import { LABELS } from './result/labels.ts';
import { MODELS } from './models.ts';

export const novelsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/novels',
  component: lazyScreen(() => import('./list/novels-page.tsx'), 'NovelsPage'),
});

export const novelRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/novels/$novelId',
  validateSearch: (search: Record<string, unknown>) => ({
    ...optionalNumber(search, 'words'),
    ...oneOf(search, 'model', MODELS),
  }),
  component: lazyScreen(() => import('./novel/novel-page.tsx'), 'NovelPage'),
});

export const resultRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/novels/$novelId/jobs/$jobId',
  validateSearch: (search: Record<string, unknown>) => ({
    ...oneOf(search, 'show', LABELS),
    ...optionalText(search, 'q'),
    // The row at the top of the window, from 1.
    ...optionalNumber(search, 'at'),
  }),
  component: lazyScreen(() => import('./result/result-page.tsx'), 'ResultPage'),
});

export const novelsRoutes = [novelsRoute, novelRoute, resultRoute] as const;
