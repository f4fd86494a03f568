import { Button } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { EmptyState, ErrorNotice, Page, PageHead, SkeletonLines } from '../../components/index.ts';
import { useMessages } from '../../i18n/index.ts';
import type { JobFilters } from './filters.ts';
import { BulkBar } from './list/bulk-bar.tsx';
import { FilterBar } from './list/filter-bar.tsx';
import { JobRow } from './list/job-row.tsx';
import { matching, useJobPages } from './list/use-job-pages.ts';
import { useSelection } from './list/use-selection.ts';
import { jobsMessages } from './messages/index.ts';
import { useJobNames } from './subjects.ts';
import classes from './list/jobs-list.module.css';

const route = getRouteApi('/signed-in/jobs');

/** All jobs of the person, newest first. */
export function JobsPage() {
  const t = useMessages(jobsMessages);
  const filters: JobFilters = route.useSearch();
  const navigate = route.useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const pages = useJobPages(filters);
  const nameOf = useJobNames();
  const { jobs, error, hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const shown = useMemo(
    () => matching(jobs ?? [], filters.q ?? '', nameOf),
    [jobs, filters.q, nameOf],
  );
  const focusSearch = useCallback(() => field.current?.focus(), []);
  const selection = useSelection(shown, focusSearch);
  const isFiltered = Object.keys(filters).length > 0;
  const canLookFurther = hasNextPage && !isFetchingNextPage && error === null;
  useEffect(() => {
    // What is searched for may be old: pages are read until something fits or there are no more.
    if (filters.q !== undefined && shown.length === 0 && canLookFurther) void fetchNextPage();
  }, [filters.q, shown.length, canLookFurther, fetchNextPage]);
  const isLooking = jobs === undefined || (shown.length === 0 && hasNextPage);
  return (
    <Page title={t('jobs')}>
      <PageHead title={t('jobs')} lead={t('lead')} />
      {(isFiltered || (jobs !== undefined && jobs.length > 0)) && (
        <FilterBar
          filters={filters}
          field={field}
          onChange={(change) =>
            void navigate({ search: (old) => withoutBlanks({ ...old, ...change }), replace: true })
          }
        />
      )}
      {error !== null && <ErrorNotice error={error} onRetry={() => void pages.refetch()} />}
      {error === null && isLooking && (
        <SkeletonLines lines={6} height={56} label={t('loadingJobs')} />
      )}
      {error === null && !isLooking && shown.length === 0 && (
        <NoJobs isFiltered={isFiltered} onClear={() => void navigate({ search: {} })} />
      )}
      {shown.length > 0 && (
        <>
          <BulkBar
            jobs={shown.filter(({ id }) => selection.ids.has(id))}
            onClear={selection.clear}
          />
          <ul className={classes['list']}>
            {shown.map((job) => (
              <JobRow
                key={job.id}
                listed={job}
                name={nameOf(job)}
                isSelected={selection.ids.has(job.id)}
                onToggle={selection.toggle}
              />
            ))}
          </ul>
        </>
      )}
      {shown.length > 0 && hasNextPage && (
        <MoreJobs isFetching={isFetchingNextPage} onMore={() => void fetchNextPage()} />
      )}
    </Page>
  );
}

function withoutBlanks(search: Partial<Record<keyof JobFilters, string | undefined>>): object {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

function NoJobs({
  isFiltered,
  onClear,
}: {
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}) {
  const t = useMessages(jobsMessages);
  return isFiltered ? (
    <EmptyState
      title={t('noneTitle')}
      action={
        <Button variant="default" onClick={onClear}>
          {t('clearFilters')}
        </Button>
      }
    >
      {t('noneText')}
    </EmptyState>
  ) : (
    <EmptyState
      title={t('emptyTitle')}
      action={<Button renderRoot={(props) => <Link to="/" {...props} />}>{t('toLibrary')}</Button>}
    >
      {t('emptyText')}
    </EmptyState>
  );
}

/** The next page comes when the end of the list comes into sight, or by the button. */
function MoreJobs({
  isFetching,
  onMore,
}: {
  readonly isFetching: boolean;
  readonly onMore: () => void;
}) {
  const t = useMessages(jobsMessages);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (button.current === null || isFetching) return undefined;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting === true) onMore();
    });
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [isFetching, onMore]);
  return (
    <div className={classes['more']}>
      <Button ref={button} variant="default" disabled={isFetching} onClick={onMore}>
        {isFetching ? t('loadingMore') : t('more')}
      </Button>
    </div>
  );
}
