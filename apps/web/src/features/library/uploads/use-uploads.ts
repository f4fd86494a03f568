import { routes } from '@scriptorium/contract';
import { useSyncExternalStore } from 'react';
import { markStale } from '../../../api/index.ts';
import { queryClient } from '../../../app/query-client.ts';
import { UploadQueue, type Upload } from './upload-queue.ts';

const queue = new UploadQueue(() => void markStale(queryClient, [routes.books.list]));

/** The files that are on their way, and how to add, cancel and repeat. */
export function useUploads(): { readonly uploads: readonly Upload[]; readonly queue: UploadQueue } {
  return { uploads: useSyncExternalStore(queue.subscribe, queue.uploads), queue };
}
