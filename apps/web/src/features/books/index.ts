export { FACES, SIZES, useReadingSettings } from './reader/reading-settings.ts';
export { useHasBegun } from './reader/use-has-begun.ts';
export { useUnsentPlaces } from './reader/use-place-sender.ts';
export { booksRoutes } from './routes.tsx';
