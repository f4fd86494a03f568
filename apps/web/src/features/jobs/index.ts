export { jobsRoutes } from './routes.tsx';
