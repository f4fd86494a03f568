export { fetchSampleNovel } from './sample-novel.ts';
export { UploadLines } from './upload-lines.tsx';
export { useNovelUploads } from './use-novel-uploads.ts';
