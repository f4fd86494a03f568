export { allBooksQuery } from './all-books.ts';
export { libraryRoutes } from './routes.tsx';
