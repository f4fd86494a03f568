export { RetryAllDialog, RetryDialog } from './again/index.ts';
export { novelsRoutes } from './routes.tsx';
