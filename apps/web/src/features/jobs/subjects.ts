import { routes, type Job } from '@scriptorium/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, keyOf } from '../../api/index.ts';
import { useMessages } from '../../i18n/index.ts';
import { allBooksQuery } from '../library/index.ts';
import { jobsMessages } from './messages/index.ts';

/** The largest page the server gives. */
const PAGE = 100;

/** Titles of novels by what their jobs call them. */
const novelTitlesQuery = queryOptions<ReadonlyMap<string, string>>({
  queryKey: [...keyOf(routes.novels.list), 'titles'],
  queryFn: async ({ signal }) => {
    const titles = new Map<string, string>();
    let before: number | undefined;
    for (;;) {
      const page = await api.call(routes.novels.list, { query: { limit: PAGE, before }, signal });
      for (const { id, title } of page.novels) titles.set(`novel:${id}`, title);
      if (page.next_before === null) return titles;
      before = page.next_before;
    }
  },
});

/** What a job works on, in words: the title of the book or novel, else the number of the job. */
export function useJobNames(): (job: Pick<Job, 'id' | 'subject'>) => string {
  const t = useMessages(jobsMessages);
  const books = useQuery(allBooksQuery).data;
  const novels = useQuery(novelTitlesQuery).data;
  return useMemo(() => {
    const titles = new Map(novels);
    for (const { id, title } of books ?? []) titles.set(`book:${id}`, title);
    return ({ id, subject }) => titles.get(subject ?? '') ?? t('numbered', { id: String(id) });
  }, [books, novels, t]);
}

/** `['book', '12']` of `book:12`. */
export function subjectOf({ subject }: Pick<Job, 'subject'>): readonly [string, string] {
  const [kind = '', id = ''] = (subject ?? '').split(':');
  return [kind, id];
}
