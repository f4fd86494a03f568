import { Checkbox } from '@mantine/core';
import type { Job } from '@scriptorium/contract';
import { Link } from '@tanstack/react-router';
import { useLiveJob } from '../../../api/index.ts';
import { Facts, LiveBadge, ProgressLine, StatusBadge, Time } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { isOpen, pipelineWords, useJobWords } from '../job-words.ts';
import { jobsMessages } from '../messages/index.ts';
import classes from './jobs-list.module.css';

/** One job of the list. One that has not ended is followed live. */
export function JobRow({
  listed,
  name,
  isSelected,
  onToggle,
}: {
  readonly listed: Job;
  readonly name: string;
  readonly isSelected: boolean;
  readonly onToggle: (id: number) => void;
}) {
  const t = useMessages(jobsMessages);
  const wordsOf = useJobWords();
  const live = useLiveJob(isOpen(listed) ? listed.id : undefined);
  const job = live.job ?? listed;
  const { tone, badge, sentence } = wordsOf(job);
  return (
    <li className={classes['row']} data-job={job.id} data-selected={isSelected || undefined}>
      <Checkbox
        className={classes['check']}
        aria-label={t('select', { name: `${name}, ${t('numbered', { id: String(job.id) })}` })}
        checked={isSelected}
        onChange={() => onToggle(job.id)}
      />
      <div className={classes['what']}>
        <h2 className={classes['name']}>
          <Link to="/jobs/$jobId" params={{ jobId: String(job.id) }}>
            {name}
          </Link>
        </h2>
        <Facts
          facts={[
            t('numbered', { id: String(job.id) }),
            pipelineWords(job.pipeline, t),
            <Time at={job.finished_at ?? job.created_at} />,
          ]}
        />
      </div>
      <div className={classes['state']}>
        <div className={classes['badges']}>
          <StatusBadge tone={tone}>{badge}</StatusBadge>
          {isOpen(listed) && <LiveBadge link={live.link} />}
        </div>
        {isOpen(job) && job.total_chunks > 0 ? (
          <ProgressLine
            percent={job.progress_percent}
            label={t('progress')}
            tone={tone === 'waiting' ? 'waiting' : 'running'}
          >
            {sentence}
          </ProgressLine>
        ) : (
          <p className={classes['sentence']}>{sentence}</p>
        )}
      </div>
    </li>
  );
}
