import type { Job } from '@scriptorium/contract';
import { Link } from '@tanstack/react-router';
import { LiveBadge, ProgressLine, StatusBadge, Time } from '../../../components/index.ts';
import type { JobState, useReceipt } from '../../../api/index.ts';
import { useFormats, useMessages, type Formats } from '../../../i18n/index.ts';
import { isOpen, useJobWords, type T } from '../job-words.ts';
import { useClock } from '../use-clock.ts';
import { jobsMessages } from '../messages/index.ts';
import classes from './job.module.css';

type Receipt = ReturnType<typeof useReceipt>['data'];

/** The state of a job in words: what goes on, what came of it, what it cost, what can be done. */
export function JobSummary({
  job,
  link,
  receipt,
  retriedBy,
}: {
  readonly job: Job;
  readonly link: JobState['link'];
  readonly receipt: Receipt;
  readonly retriedBy: readonly number[];
}) {
  const t = useMessages(jobsMessages);
  const formats = useFormats();
  const { tone, badge, sentence } = useJobWords()(job);
  const open = isOpen(job);
  const parts = t('parts', {
    done: formats.number(job.processed_chunks),
    count: job.total_chunks,
  });
  const isShort = job.status === 'failed' || job.status === 'cancelled';
  return (
    <section className={classes['summary']} data-tone={tone}>
      <div className={classes['badges']}>
        <StatusBadge tone={tone}>{badge}</StatusBadge>
        <LiveBadge link={link} />
      </div>
      <p className={classes['sentence']} role="status">
        {sentence}
        {isShort && receipt !== undefined && ` ${chargeWords(receipt, t, formats)}`}
      </p>
      {(isShort || job.gaps.length > 0) && <p className={classes['note']}>{t('retryHint')}</p>}
      {(open || job.status === 'completed') && (
        <ProgressLine
          percent={job.progress_percent}
          label={t('progress')}
          tone={job.status === 'completed' ? 'done' : tone === 'waiting' ? 'waiting' : 'running'}
        >
          {job.total_chunks > 0 && parts}
        </ProgressLine>
      )}
      <JobFacts job={job} />
      {job.retry_of !== null && (
        <p className={classes['links']}>
          {t('retryOf')} <JobLink id={job.retry_of} />
        </p>
      )}
      {retriedBy.length > 0 && (
        <p className={classes['links']}>
          {t('retriedBy')}{' '}
          {retriedBy.map((id) => (
            <JobLink key={id} id={id} />
          ))}
        </p>
      )}
    </section>
  );
}

function chargeWords({ credits }: NonNullable<Receipt>, t: T, formats: Formats): string {
  if (credits === null) return t('noCredits');
  const { settled, returned } = credits;
  if (settled === null || returned === null) return '';
  return settled === 0
    ? t('chargedNothing')
    : t('charged', { settled: formats.number(settled), returned: formats.number(returned) });
}

function JobLink({ id }: { readonly id: number }) {
  const t = useMessages(jobsMessages);
  return (
    <Link to="/jobs/$jobId" params={{ jobId: String(id) }} className={classes['link']}>
      {t('numbered', { id: String(id) })}
    </Link>
  );
}

function JobFacts({ job }: { readonly job: Job }) {
  const t = useMessages(jobsMessages);
  const formats = useFormats();
  const open = isOpen(job);
  const now = useClock(1000, open && job.started_at !== null);
  const seconds =
    open && job.started_at !== null
      ? Math.max(job.processing_time_seconds, (now - Date.parse(job.started_at)) / 1000)
      : job.processing_time_seconds;
  return (
    <dl className={classes['facts']}>
      <div>
        <dt>{t('created')}</dt>
        <dd>
          <Time at={job.created_at} />
        </dd>
      </div>
      <div>
        <dt>{t('started')}</dt>
        <dd>{job.started_at === null ? t('notYet') : <Time at={job.started_at} />}</dd>
      </div>
      <div>
        <dt>{t('ended')}</dt>
        <dd>{job.finished_at === null ? t('notYet') : <Time at={job.finished_at} />}</dd>
      </div>
      {job.started_at !== null && (
        <div>
          <dt>{open ? t('running') : t('took')}</dt>
          <dd className="figures">{formats.duration(seconds)}</dd>
        </div>
      )}
    </dl>
  );
}
