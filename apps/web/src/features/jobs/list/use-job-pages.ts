import { routes, type Job } from '@scriptorium/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, keyOf } from '../../../api/index.ts';
import type { JobFilters } from '../filters.ts';

const PAGE = 30;

/** The caller's jobs, newest first, page by page. */
export function useJobPages({ status, pipeline }: JobFilters) {
  const filter = {
    ...(status === 'open' ? { is_open: true } : {}),
    ...(status === undefined || status === 'open' ? {} : { status }),
    ...(pipeline === undefined ? {} : { pipeline }),
  };
  const pages = useInfiniteQuery({
    queryKey: [...keyOf(routes.jobs.list), 'pages', filter],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam: before, signal }) =>
      api.call(routes.jobs.list, {
        query: { ...filter, limit: PAGE, ...(before === undefined ? {} : { before }) },
        signal,
      }),
    getNextPageParam: (last) => last.next_before ?? undefined,
  });
  const jobs = useMemo(() => pages.data?.pages.flatMap((page) => page.jobs), [pages.data]);
  return { ...pages, jobs };
}

/** The jobs whose name or number has the text in it. */
export function matching(
  jobs: readonly Job[],
  text: string,
  nameOf: (job: Job) => string,
): readonly Job[] {
  const wanted = fold(text);
  if (wanted === '') return jobs;
  return jobs.filter((job) => fold(nameOf(job)).includes(wanted) || String(job.id) === wanted);
}

/** Without case and accents: “bronte” finds “Brontë”. */
function fold(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[\p{M}#]/gu, '')
    .toLowerCase()
    .trim();
}
