export { novelsRoutes } from './routes.tsx';
