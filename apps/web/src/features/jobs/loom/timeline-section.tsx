import { SegmentedControl } from '@mantine/core';
import type { Job } from '@scriptorium/contract';
import { ErrorNotice, SkeletonLines } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { isOpen } from '../job-words.ts';
import { jobsMessages } from '../messages/index.ts';
import { LoomTable } from './loom-table.tsx';
import { LoomView } from './loom-view.tsx';
import type { useTimeline } from './use-timeline.ts';
import classes from './loom.module.css';

/** The timeline of a job, drawn or as a table. */
export function TimelineSection({
  job,
  name,
  state,
  isTable,
  onView,
}: {
  readonly job: Job;
  readonly name: string;
  readonly state: ReturnType<typeof useTimeline>;
  readonly isTable: boolean;
  readonly onView: (isTable: boolean) => void;
}) {
  const t = useMessages(jobsMessages);
  const { timeline, error, refetch, updatedAt } = state;
  const hasParts = timeline !== undefined && timeline.chunks.length > 0;
  return (
    <section className={classes['section']}>
      <div className={classes['head']}>
        <h2 className={classes['title']}>{t('timeline')}</h2>
        {hasParts && (
          <SegmentedControl
            aria-label={t('view')}
            classNames={{
              root: classes['views'],
              indicator: classes['viewChosen'],
              label: classes['viewWord'],
            }}
            value={isTable ? 'table' : 'loom'}
            onChange={(value) => onView(value === 'table')}
            data={[
              { value: 'loom', label: t('asLoom') },
              { value: 'table', label: t('asTable') },
            ]}
          />
        )}
      </div>
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {timeline === undefined && error === null && (
        <SkeletonLines lines={4} label={t('loadingTimeline')} />
      )}
      {timeline?.chunks.length === 0 && <p className={classes['none']}>{t('noParts')}</p>}
      {hasParts && isTable && <LoomTable timeline={timeline} />}
      {hasParts && !isTable && (
        <LoomView timeline={timeline} updatedAt={updatedAt} isOpen={isOpen(job)} name={name} />
      )}
    </section>
  );
}
