import { useSyncExternalStore } from 'react';
import type { Upload, UploadQueue } from './upload-queue.ts';

/** The files of a queue as they are now. */
export function useUploads<Item>(queue: UploadQueue<Item>): readonly Upload<Item>[] {
  return useSyncExternalStore(queue.subscribe, queue.uploads);
}
