export { novelQueue, NovelUploads } from './novel-uploads.tsx';
export { fetchSampleNovel } from './sample-novel.ts';
