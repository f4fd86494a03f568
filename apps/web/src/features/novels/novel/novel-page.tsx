import { Button } from '@mantine/core';
import { routes, type Novel } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { query } from '../../../api/index.ts';
import { BackLink, ErrorNotice, Page, PageHead, SkeletonLines } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { novelsMessages } from '../messages/index.ts';
import { useDeleteNovel } from '../use-delete-novel.ts';
import { NovelFacts } from './novel-facts.tsx';
import { NovelOpening } from './novel-opening.tsx';
import { PastJobs } from './past-jobs.tsx';
import { Workshop } from './workshop.tsx';
import classes from './novel-page.module.css';

const route = getRouteApi('/signed-in/novels/$novelId');

/** One novel: what it is, how it begins, and what may be made of it. */
export function NovelPage() {
  const t = useMessages(novelsMessages);
  const novelId = Number(route.useParams().novelId);
  const {
    data: novel,
    error,
    refetch,
  } = useQuery(query(routes.novels.get, { params: { id: novelId } }));
  return (
    <Page title={novel?.title ?? t('novels')}>
      <BackLink to="/novels">{t('back')}</BackLink>
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {novel === undefined && error === null && (
        <SkeletonLines lines={6} height={32} label={t('loadingNovel')} />
      )}
      {novel !== undefined && <Opened key={novel.id} novel={novel} />}
    </Page>
  );
}

function Opened({ novel }: { readonly novel: Novel }) {
  const t = useMessages(novelsMessages);
  const router = useRouter();
  const deleteNovel = useDeleteNovel();
  const leave = () => {
    deleteNovel(novel);
    void router.navigate({ to: '/novels' });
  };
  return (
    <>
      <PageHead title={novel.title} lead={novel.author ?? t('unknownAuthor')}>
        <Button variant="default" onClick={leave}>
          {t('deleteNovel')}
        </Button>
      </PageHead>
      <NovelFacts novel={novel} />
      <div className={classes['columns']}>
        <div className={classes['reading']}>
          <NovelOpening novel={novel} />
        </div>
        <div className={classes['working']}>
          <Workshop novel={novel} />
          <PastJobs novelId={novel.id} />
        </div>
      </div>
    </>
  );
}
