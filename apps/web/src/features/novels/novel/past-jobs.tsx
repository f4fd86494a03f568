import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ErrorNotice, SkeletonLines, Time } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { JobStateBadge } from '../job-state-badge.tsx';
import { novelsMessages } from '../messages/index.ts';
import { novelJobsQuery } from '../novel-jobs.ts';
import classes from './novel-page.module.css';

/** The jobs on a novel, newest first, each with the way to its result. */
export function PastJobs({ novelId }: { readonly novelId: number }) {
  const t = useMessages(novelsMessages);
  const { data, error, refetch } = useQuery(novelJobsQuery);
  const jobs = data?.filter((job) => job.subject === `novel:${novelId}`);
  return (
    <section aria-labelledby="past-title">
      <h2 id="past-title" className={classes['heading']}>
        {t('pastTitle')}
      </h2>
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {jobs === undefined && error === null && <SkeletonLines lines={2} label={t('pastLoading')} />}
      {jobs?.length === 0 && <p className={classes['quiet']}>{t('pastNone')}</p>}
      {jobs !== undefined && jobs.length > 0 && (
        <ul className={classes['past']}>
          {jobs.map((job) => (
            <li key={job.id}>
              <JobStateBadge job={job} />
              <span className={classes['when']}>
                <Time at={job.created_at} />
              </span>
              <Link
                to="/novels/$novelId/jobs/$jobId"
                params={{ novelId: String(novelId), jobId: String(job.id) }}
                aria-label={`${t('openResult')}: ${t('pastOf', { id: job.id })}`}
              >
                {t('openResult')}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
