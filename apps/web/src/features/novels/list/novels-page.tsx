import { Button } from '@mantine/core';
import { routes } from '@scriptorium/contract';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { api, keyOf } from '../../../api/index.ts';
import {
  AddFiles,
  AddFirst,
  DropZone,
  EmptyState,
  ErrorNotice,
  Page,
  PageHead,
  SkeletonLines,
} from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { novelsMessages } from '../messages/index.ts';
import { novelJobsQuery } from '../novel-jobs.ts';
import { useUploads } from '../../../uploads/index.ts';
import { fetchSampleNovel, novelQueue, NovelUploads } from '../uploads/index.ts';
import { useHiddenNovels } from '../use-delete-novel.ts';
import { NovelLine } from './novel-line.tsx';
import classes from './novels-page.module.css';

const ACCEPTED = '.pdf,application/pdf';

/** The person's novels, newest first. Files may be dropped anywhere on the page. */
export function NovelsPage() {
  const t = useMessages(novelsMessages);
  const uploads = useUploads(novelQueue);
  const list = useNovels();
  const { data: jobs } = useQuery(novelJobsQuery);
  const hidden = useHiddenNovels();
  const novels = list.data?.pages
    .flatMap((page) => page.novels)
    .filter((novel) => !hidden.has(novel.id));
  const hasNovels = novels !== undefined && novels.length > 0;
  return (
    <Page title={t('novels')}>
      <PageHead title={t('novels')} lead={t('lead')}>
        {hasNovels && (
          <AddFiles
            accept={ACCEPTED}
            label={t('addNovels')}
            hint={t('dropHint')}
            onFiles={novelQueue.add}
          />
        )}
      </PageHead>
      <DropZone label={t('dropHere')} onFiles={novelQueue.add} />
      <NovelUploads />
      {list.error !== null && (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      )}
      {novels === undefined && list.error === null && (
        <SkeletonLines lines={4} height={64} label={t('loadingNovels')} />
      )}
      {novels?.length === 0 && uploads.length === 0 && <EmptyNovels onFiles={novelQueue.add} />}
      {hasNovels && (
        <ul className={classes['novels']} aria-label={t('novels')}>
          {novels.map((novel) => (
            <NovelLine
              key={novel.id}
              novel={novel}
              job={jobs?.find((job) => job.id === novel.job_id)}
            />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button
          variant="default"
          mt={16}
          disabled={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {list.isFetchingNextPage ? t('loadingMore') : t('more')}
        </Button>
      )}
    </Page>
  );
}

function useNovels() {
  return useInfiniteQuery({
    queryKey: [...keyOf(routes.novels.list), 'pages'],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call(routes.novels.list, { query: { limit: 50, before: pageParam }, signal }),
    getNextPageParam: (page) => page.next_before,
  });
}

function EmptyNovels({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const t = useMessages(novelsMessages);
  const sample = useMutation({
    mutationFn: fetchSampleNovel,
    onSuccess: (file) => onFiles([file]),
  });
  return (
    <>
      <EmptyState
        title={t('emptyTitle')}
        action={
          <AddFirst accept={ACCEPTED} label={t('addNovels')} onFiles={onFiles}>
            <Button disabled={sample.isPending} onClick={() => sample.mutate()}>
              {sample.isPending ? t('addingSample') : t('addSample')}
            </Button>
          </AddFirst>
        }
      >
        {t('emptyText')}
      </EmptyState>
      {sample.error !== null && <ErrorNotice error={sample.error} />}
    </>
  );
}
