import { isTerminalEvent, routes, type Book } from '@scriptorium/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { markStale, type JobState } from '../../../api/index.ts';

/** At most this often, however fast the chapters come. */
const PAUSE_MS = 800;

/** Events after which a chapter of the book is in another state. */
const TELLING = new Set(['job.started', 'chunk.settled']);

/** Asks for the book again whenever its job has changed one of its chapters, and when it ends. */
export function useFreshBook(book: Pick<Book, 'id'>, { events }: JobState): void {
  const client = useQueryClient();
  const telling = events.findLast((event) => TELLING.has(event.type) || isTerminalEvent(event));
  const seq = telling?.seq;
  const jobId = telling?.job_id;
  useEffect(() => {
    if (seq === undefined) return;
    const timer = setTimeout(() => {
      void markStale(client, [routes.books.get, routes.books.list]);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [client, book.id, jobId, seq]);
}
