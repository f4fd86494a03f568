export { FACES, SIZES, useReadingSettings } from './reader/reading-settings.ts';
export { booksRoutes } from './routes.tsx';
