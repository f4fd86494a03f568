import { routes, type ChapterSummary, type Descriptions, type Job } from '@scriptorium/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, markStale, query, useLiveJob, type Link } from '../../../api/index.ts';

export interface ChapterDescriptions {
  /** Undefined until the server has answered. */
  readonly found: Descriptions | undefined;
  readonly job: Job | undefined;
  readonly link: Link;
  readonly error: Error | null;
  /** Prepares the chapter, or joins who is doing it. */
  readonly start: () => void;
  readonly isStarting: boolean;
  readonly refresh: () => Promise<void>;
}

/** The descriptions of the chapter that is read. Opening a chapter that nobody has prepared starts it. */
export function useDescriptions({ book_id: id, number: n }: ChapterSummary): ChapterDescriptions {
  const client = useQueryClient();
  const question = query(routes.books.descriptions, { params: { id, n }, query: {} });
  const { data: found, error } = useQuery(question);
  const starting = useMutation({
    mutationFn: () => api.call(routes.books.extractDescriptions, { params: { id, n } }),
    onSuccess: (answer) => client.setQueryData(question.queryKey, answer),
  });
  const { mutate: start, isIdle } = starting;
  const isUntouched = found?.status === 'waiting' && isIdle;
  useEffect(() => {
    if (isUntouched) start();
  }, [isUntouched, start]);

  const live = useLiveJob(found?.status === 'preparing' ? found.job?.id : undefined);
  const { job } = live;
  // Each part of the job that is done may be this chapter.
  const news = job === undefined ? undefined : `${job.id} ${job.processed_chunks} ${job.status}`;
  useEffect(() => {
    if (news === undefined) return;
    void markStale(client, [routes.books.descriptions, routes.books.chapter, routes.books.get]);
  }, [client, news]);

  return {
    found,
    job: job ?? found?.job ?? undefined,
    link: live.link,
    error: error ?? starting.error,
    start,
    isStarting: starting.isPending,
    refresh: () =>
      markStale(client, [routes.books.descriptions, routes.books.chapter, routes.books.get]),
  };
}
