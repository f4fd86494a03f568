import { Button } from '@mantine/core';
import { isTerminalStatus, type Job } from '@scriptorium/contract';
import { Link } from '@tanstack/react-router';
import { useMessages } from '../../../i18n/index.ts';
import { jobsMessages } from '../messages/index.ts';
import { subjectOf } from '../subjects.ts';
import classes from './job.module.css';

/** Where to read what the job has made so far; nothing for a job that works on neither a book nor a novel. */
export function ResultLink({ job }: { readonly job: Job }) {
  const t = useMessages(jobsMessages);
  const [kind, id] = subjectOf(job);
  const isOpen = !isTerminalStatus(job.status);
  // Where something is missing, doing it again is the first thing to do.
  const variant = job.status === 'completed' && job.gaps.length === 0 ? 'filled' : 'default';
  if (kind === 'book') {
    return (
      <div className={classes['result']}>
        {isOpen && <p>{t('partialBook')}</p>}
        <Button
          variant={variant}
          renderRoot={(props) => <Link to="/books/$bookId" params={{ bookId: id }} {...props} />}
        >
          {t('openBook')}
        </Button>
      </div>
    );
  }
  if (kind !== 'novel') return null;
  return (
    <div className={classes['result']}>
      {isOpen && <p>{t('partialNovel')}</p>}
      <Button
        variant={variant}
        renderRoot={(props) => (
          <Link
            to="/novels/$novelId/jobs/$jobId"
            params={{ novelId: id, jobId: String(job.id) }}
            {...props}
          />
        )}
      >
        {t('openNovel')}
      </Button>
    </div>
  );
}
