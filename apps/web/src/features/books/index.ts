export { booksRoutes } from './routes.tsx';
