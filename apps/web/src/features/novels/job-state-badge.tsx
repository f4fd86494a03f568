import { routes, type Job } from '@scriptorium/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { markStale, useLiveJob } from '../../api/index.ts';
import { StatusBadge } from '../../components/index.ts';
import { useFormats, useMessages } from '../../i18n/index.ts';
import { novelsMessages } from './messages/index.ts';
import { isOpen, JOB_TONES, stateOf, type JobState } from './novel-jobs.ts';

const WORDS = {
  pending: 'stateWaiting',
  processing: 'stateRunning',
  completed: 'stateDone',
  gaps: 'stateGaps',
  failed: 'stateFailed',
  cancelled: 'stateStopped',
} as const satisfies Record<JobState, string>;

/** The state of a job on a novel, in words, and live for as long as it is open. */
export function JobStateBadge({ job: known }: { readonly job: Job }) {
  const t = useMessages(novelsMessages);
  const formats = useFormats();
  const client = useQueryClient();
  const live = useLiveJob(isOpen(known) ? known.id : undefined);
  const job = live.job ?? known;
  const hasEnded = isOpen(known) && !isOpen(job);
  useEffect(() => {
    if (hasEnded) void markStale(client, [routes.jobs.list]);
  }, [hasEnded, client]);
  const state = stateOf(job);
  return (
    <StatusBadge tone={JOB_TONES[state]}>
      {state === 'processing'
        ? t('stateRunning', { percent: formats.percent(job.progress_percent) })
        : t(WORDS[state])}
    </StatusBadge>
  );
}
