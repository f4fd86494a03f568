export { UploadLines } from './upload-lines.tsx';
export { UploadQueue } from './upload-queue.ts';
export { useUploads } from './use-uploads.ts';
