export { accountRoutes, publicAccountRoutes } from './routes.tsx';
