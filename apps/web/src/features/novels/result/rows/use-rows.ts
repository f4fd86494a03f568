import { routes, type CallResult, type ShortenedSentence } from '@scriptorium/contract';
import {
  keepPreviousData,
  useQueries,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { query } from '../../../../api/index.ts';
import type { Label } from '../labels.ts';

/** Rows a request: some 60 kB, read and checked in a few milliseconds, and three screens of them. */
const PAGE_ROWS = 200;

type Page = CallResult<typeof routes.novels.sentences>;

interface Filter {
  readonly jobId: number;
  readonly label: Label | undefined;
  readonly search: string;
}

/** The rows of a result, of which only those near the window have been fetched. */
export interface Rows {
  /** Undefined until the first page has come. */
  readonly total: number | undefined;
  readonly error: Error | null;
  readonly rowAt: (index: number) => ShortenedSentence | undefined;
  /** Tells which rows are in the window, first and last; their pages are fetched, and those that are no longer needed are given up. */
  readonly show: (first: number, last: number) => void;
  /** Numbers of the sentences of a range of rows, both ends included, fetched where they are not there yet. */
  readonly idsBetween: (from: number, to: number) => Promise<number[]>;
  readonly refetch: () => void;
}

function pageInput({ jobId, label, search }: Filter, page: number) {
  return query(routes.novels.sentences, {
    params: { id: jobId },
    query: {
      offset: page * PAGE_ROWS,
      limit: PAGE_ROWS,
      label,
      search: search === '' ? undefined : search,
    },
  });
}

function answers(results: readonly UseQueryResult<Page>[]): readonly (Page | undefined)[] {
  return results.map(({ data }) => data);
}

export function useRows({ jobId, label, search }: Filter): Rows {
  const client = useQueryClient();
  const filter = useMemo(() => ({ jobId, label, search }), [jobId, label, search]);
  const [span, setSpan] = useState({ first: 0, last: 0 });
  // What was fetched stays as it was until something says that it has changed: an edit, or a part that was done.
  const options = useCallback(
    (page: number) => ({ ...pageInput(filter, page), staleTime: Infinity }),
    [filter],
  );
  const head = useQuery({ ...options(0), placeholderData: keepPreviousData });
  const total = head.data?.total;
  const last = Math.min(span.last, pageOf(Math.max(0, (total ?? 1) - 1)));
  const pages = useMemo(() => range(Math.min(span.first, last), last), [span.first, last]);
  const loaded = useQueries({ queries: pages.map(options), combine: answers });
  const rowAt = useCallback(
    (index: number) => {
      const page = loaded[pages.indexOf(pageOf(index))];
      return page?.sentences[index % PAGE_ROWS];
    },
    [loaded, pages],
  );
  const show = useCallback((firstRow: number, lastRow: number) => {
    const next = { first: pageOf(firstRow), last: pageOf(lastRow) };
    setSpan((old) => (old.first === next.first && old.last === next.last ? old : next));
  }, []);
  const idsBetween = useCallback(
    async (from: number, to: number) => {
      const wanted = range(pageOf(from), pageOf(to));
      const fetched = await Promise.all(wanted.map((page) => client.query(options(page))));
      const start = pageOf(from) * PAGE_ROWS;
      return fetched
        .flatMap((page) => page.sentences)
        .slice(from - start, to - start + 1)
        .map(({ id }) => id);
    },
    [client, options],
  );
  const { refetch } = head;
  return {
    total,
    error: head.error,
    rowAt,
    show,
    idsBetween,
    refetch: () => void refetch(),
  };
}

function pageOf(index: number): number {
  return Math.floor(index / PAGE_ROWS);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
