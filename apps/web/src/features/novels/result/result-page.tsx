import { routes } from '@scriptorium/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { keyOf, query, refresh, useLiveJob } from '../../../api/index.ts';
import { BackLink, ErrorNotice, Page, PageHead, SkeletonLines } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { isOpen } from '../novel-jobs.ts';
import { AuditSentence } from './audit-sentence.tsx';
import { DownloadMenu } from './download-menu.tsx';
import { JobEnding } from './job-ending.tsx';
import { JobProgress } from './job-progress.tsx';
import { resultMessages } from './messages/index.ts';
import { Receipt } from './receipt.tsx';
import { headInput } from './result-head.ts';
import { ResultRows } from './rows/result-rows.tsx';
import classes from './result-page.module.css';

const route = getRouteApi('/signed-in/novels/$novelId/jobs/$jobId');

/** One job on a novel: how far it is, how it ended, and all that it has made so far. */
export function ResultPage() {
  const t = useMessages(resultMessages);
  const { novelId, jobId } = route.useParams();
  return (
    <Page wide title={t('shortcutsTitle')}>
      <BackLink to="/novels/$novelId" params={{ novelId }}>
        {t('back')}
      </BackLink>
      <Result key={jobId} jobId={Number(jobId)} />
    </Page>
  );
}

function Result({ jobId }: { readonly jobId: number }) {
  const t = useMessages(resultMessages);
  const { job, link, error: jobError } = useLiveJob(jobId);
  const { data: head, error, refetch } = useQuery(query(routes.novels.sentences, headInput(jobId)));
  const { data: novel } = useQuery({
    ...query(routes.novels.get, { params: { id: head?.novel_id ?? 0 } }),
    enabled: head !== undefined,
  });
  useFreshRows(jobId, job === undefined ? '' : `${job.status} ${job.processed_chunks}`);
  const failure = error ?? jobError;
  if (failure !== undefined && failure !== null) {
    return <ErrorNotice error={failure} onRetry={() => void refetch()} />;
  }
  if (head === undefined || job === undefined) {
    return <SkeletonLines lines={8} height={40} label={t('loading')} />;
  }
  const isRunning = isOpen(job);
  const engine = head.is_offline ? t('byRules') : t('byModel', { engine: head.engine });
  return (
    <>
      <PageHead title={head.title} lead={t('lead', { count: head.sentence_length_limit, engine })}>
        {head.audit.present > 0 && (
          <DownloadMenu jobId={jobId} isPartial={head.is_partial} isRunning={isRunning} />
        )}
      </PageHead>
      {isRunning ? (
        <JobProgress job={job} link={link} title={head.title} hasRows={head.audit.present > 0} />
      ) : (
        <JobEnding job={job} novelId={head.novel_id} />
      )}
      <div className={classes['summary']}>
        <AuditSentence audit={head.audit} isRunning={isRunning} />
        {!isRunning && <Receipt job={job} />}
      </div>
      <ResultRows
        jobId={jobId}
        novelId={head.novel_id}
        labels={head.audit.labels}
        language={novel?.language ?? head.language}
        isRunning={isRunning}
      />
    </>
  );
}

/** Rows are asked for again whenever a part has been settled, which `progress` stands for. */
function useFreshRows(jobId: number, progress: string): void {
  const client = useQueryClient();
  useEffect(() => {
    if (progress === '') return;
    void refresh(client, [...keyOf(routes.novels.sentences), { id: jobId }]);
  }, [client, jobId, progress]);
}
