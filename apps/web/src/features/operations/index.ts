export { operationsRoutes } from './routes.tsx';
