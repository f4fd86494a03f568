import { routes } from '@scriptorium/contract';
import { useSyncExternalStore } from 'react';
import { markStale } from '../../../api/index.ts';
import { queryClient } from '../../../app/query-client.ts';
import { NovelUploads, type Upload } from './novel-uploads.ts';

const queue = new NovelUploads(() => void markStale(queryClient, [routes.novels.list]));

/** The PDFs that are on their way, and how to add, cancel and repeat. */
export function useNovelUploads(): {
  readonly uploads: readonly Upload[];
  readonly queue: NovelUploads;
} {
  return { uploads: useSyncExternalStore(queue.subscribe, queue.uploads), queue };
}
