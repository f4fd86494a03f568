import type { Job } from '@scriptorium/contract';
import { Link } from '@tanstack/react-router';
import type { JobState } from '../../../api/index.ts';
import { ErrorNotice, LiveBadge, ProgressLine } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { useTeller, waitReason } from '../../../said/index.ts';
import { libraryMessages } from '../messages/index.ts';
import classes from './book.module.css';

/** The book's job while it runs: what it does, how far it is, what it waits for. */
export function BookProgress({ live: { job, link, error } }: { readonly live: JobState }) {
  const t = useMessages(libraryMessages);
  if (error !== undefined) return <ErrorNotice error={error} />;
  if (job === undefined || link === 'ended') return null;
  return (
    <div className={classes['progress']}>
      <ProgressLine
        percent={job.progress_percent}
        label={t('preparingBook')}
        tone={job.waiting_for === null ? 'running' : 'waiting'}
      >
        <JobWords job={job} />
      </ProgressLine>
      <div className={classes['progressFoot']}>
        <LiveBadge link={link} />
        <Link to="/jobs/$jobId" params={{ jobId: String(job.id) }}>
          {t('seeJob')}
        </Link>
      </div>
    </div>
  );
}

function JobWords({ job }: { readonly job: Job }) {
  const t = useMessages(libraryMessages);
  const formats = useFormats();
  const teller = useTeller();
  if (job.waiting_for !== null) {
    const { until } = job.waiting_for;
    const reason = waitReason(job.waiting_for, teller);
    return until === null
      ? t('waitsFor', { reason })
      : t('waitsUntil', { reason, time: formats.clock(until) });
  }
  if (job.status === 'pending') return t('status_waiting');
  return t('chapterOf', { done: job.processed_chunks, total: job.total_chunks });
}
