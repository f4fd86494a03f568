import { routes, type CallResult } from '@scriptorium/contract';
import { infiniteQueryOptions, keepPreviousData, type InfiniteData } from '@tanstack/react-query';
import { api, keyOf } from '../../../api/index.ts';
import type { SHOWN } from './shown.ts';

type Page = CallResult<typeof routes.people.list>;

/** People, newest first, a page at a time; while another search is on its way, the old ones stay. */
export function peopleQuery(search: string, shown: (typeof SHOWN)[number]) {
  return infiniteQueryOptions<
    Page,
    Error,
    InfiniteData<Page>,
    readonly string[],
    number | undefined
  >({
    queryKey: [...keyOf(routes.people.list), search, shown],
    initialPageParam: undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      api.call(routes.people.list, {
        query: {
          before: pageParam,
          ...(search === '' ? {} : { search }),
          ...(shown === 'all' ? {} : { is_disabled: shown === 'disabled' }),
        },
        signal,
      }),
    getNextPageParam: (page) => page.next_before ?? undefined,
  });
}
