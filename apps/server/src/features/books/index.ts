export { createBooksPipeline } from './books.pipeline.ts';
export { createBooksFeature } from './books.routes.ts';
export { createChapterWrites, type ChapterWrites } from './chapter-writes.ts';
