export { createBooksPipeline } from './books.pipeline.ts';
export { createBooksFeature } from './books.routes.ts';
