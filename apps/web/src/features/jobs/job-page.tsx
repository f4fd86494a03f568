import { Button } from '@mantine/core';
import type { Job } from '@scriptorium/contract';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useLiveJob, useReceipt, type JobState } from '../../api/index.ts';
import {
  BackLink,
  ErrorNotice,
  Page,
  PageHead,
  Section,
  SkeletonLines,
} from '../../components/index.ts';
import { useFormats, useMessages } from '../../i18n/index.ts';
import { RetryDialog } from '../novels/index.ts';
import { EventLog } from './job/event-log.tsx';
import { GapsSection } from './job/gaps-section.tsx';
import { JobSummary } from './job/job-summary.tsx';
import { ReceiptSection } from './job/receipt-section.tsx';
import { ResultLink } from './job/result-link.tsx';
import { useJobActions } from './job/use-job-actions.ts';
import { isOpen, isWhole, pipelineWords } from './job-words.ts';
import { TimelineSection } from './loom/timeline-section.tsx';
import { useTimeline } from './loom/use-timeline.ts';
import { jobsMessages } from './messages/index.ts';
import { useJobNames } from './subjects.ts';
import classes from './job/job.module.css';

const route = getRouteApi('/signed-in/jobs/$jobId');

/** One job: its state, its parts over time, its costs and its log. */
export function JobPage() {
  const t = useMessages(jobsMessages);
  const { jobId } = route.useParams();
  const live = useLiveJob(Number(jobId));
  return (
    <Page wide>
      <BackLink to="/jobs">{t('allJobs')}</BackLink>
      {live.error !== undefined && <ErrorNotice error={live.error} />}
      {live.error === undefined && live.job === undefined && (
        <SkeletonLines lines={8} label={t('loadingJob')} />
      )}
      {live.job !== undefined && <JobView key={live.job.id} job={live.job} live={live} />}
    </Page>
  );
}

function JobView({ job, live }: { readonly job: Job; readonly live: JobState }) {
  const t = useMessages(jobsMessages);
  const formats = useFormats();
  const name = useJobNames()(job);
  const isTable = route.useSearch().view === 'table';
  const navigate = route.useNavigate();
  const timeline = useTimeline(job.id, job);
  const receipt = useReceipt(job);
  const setTable = useCallback(
    (wanted: boolean) => void navigate({ search: wanted ? { view: 'table' } : {}, replace: true }),
    [navigate],
  );
  const actions = useJobActions(
    job,
    name,
    useCallback(() => setTable(!isTable), [setTable, isTable]),
  );
  const percent = isOpen(job) ? `${formats.percent(job.progress_percent)} · ` : '';
  return (
    <>
      <title>{`${percent}${name} · Scriptorium`}</title>
      <PageHead
        title={name}
        lead={`${t('numbered', { id: String(job.id) })} · ${pipelineWords(job.pipeline, t)}`}
      >
        <JobButtons job={job} actions={actions} />
      </PageHead>
      {actions.error !== null && <ErrorNotice error={actions.error} />}
      {actions.isAsked && (
        <RetryDialog
          jobId={job.id}
          title={t('retry')}
          onStarted={actions.show}
          onClose={actions.stopAsking}
        />
      )}
      <div className={classes['top']}>
        <JobSummary
          job={job}
          link={live.link}
          receipt={receipt.data}
          retriedBy={timeline.timeline?.retried_by ?? []}
        />
        <ResultLink job={job} />
      </div>
      {job.gaps.length > 0 && (
        <Section title={t('gaps', { count: job.gaps.length })} lead={t('gapsText')}>
          <GapsSection job={job} />
        </Section>
      )}
      <TimelineSection job={job} name={name} state={timeline} isTable={isTable} onView={setTable} />
      <div className={classes['foot']}>
        <div>
          <Section title={t('log')}>
            <EventLog events={live.events} job={job} />
          </Section>
        </div>
        <div>
          <Section title={t('receipt')}>
            <ReceiptSection receipt={receipt} />
          </Section>
        </div>
      </div>
    </>
  );
}

function JobButtons({
  job,
  actions,
}: {
  readonly job: Job;
  readonly actions: ReturnType<typeof useJobActions>;
}) {
  const t = useMessages(jobsMessages);
  if (isOpen(job)) {
    return (
      <Button variant="default" disabled={actions.isCancelling} onClick={actions.cancel}>
        {actions.isCancelling ? t('cancelling') : t('cancel')}
      </Button>
    );
  }
  if (isWhole(job)) return null;
  return (
    <Button disabled={actions.isRetrying} onClick={actions.retry}>
      {actions.isRetrying ? t('retrying') : t('retry')}
    </Button>
  );
}
