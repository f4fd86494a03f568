import { routes, type CallResult } from '@scriptorium/contract';
import { infiniteQueryOptions, type InfiniteData } from '@tanstack/react-query';
import { api, keyOf } from '../../../api/index.ts';

type Page = CallResult<typeof routes.credits.entries>;
export type CreditEntry = Page['entries'][number];

/** The statement, newest first, a page at a time. */
export const entriesQuery = infiniteQueryOptions<
  Page,
  Error,
  InfiniteData<Page>,
  readonly string[],
  number | undefined
>({
  queryKey: [...keyOf(routes.credits.entries), 'all'],
  initialPageParam: undefined,
  queryFn: ({ pageParam, signal }) =>
    api.call(routes.credits.entries, { query: { before: pageParam }, signal }),
  getNextPageParam: (page) => page.next_before ?? undefined,
});
