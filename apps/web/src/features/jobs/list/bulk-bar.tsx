import { Button } from '@mantine/core';
import type { Job } from '@scriptorium/contract';
import { useState } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { RetryAllDialog } from '../../novels/index.ts';
import { isOpen, isWhole } from '../job-words.ts';
import { jobsMessages } from '../messages/index.ts';
import { useBulk } from './use-bulk.ts';
import classes from './jobs-list.module.css';

export interface BulkBarProps {
  /** Those that are selected. */
  readonly jobs: readonly Job[];
  readonly onClear: () => void;
}

/** What can be done with all selected jobs at once. What may cost credits is asked before. */
export function BulkBar({ jobs, onClear }: BulkBarProps) {
  const t = useMessages(jobsMessages);
  const { cancelAll, retryAll } = useBulk();
  const [running, setRunning] = useState<'cancel' | 'retry'>();
  const [isAsked, setAsked] = useState(false);
  const count = jobs.length;
  const ids = jobs.map(({ id }) => id);
  const mayCost = jobs.filter((job) => job.pipeline === 'novels' && !isOpen(job) && !isWhole(job));
  const run = async (name: 'cancel' | 'retry', act: (ids: readonly number[]) => Promise<void>) => {
    setRunning(name);
    await act(ids);
    setRunning(undefined);
    setAsked(false);
    onClear();
  };
  const retry = () => void run('retry', retryAll);
  return (
    <div className={classes['bulk']} hidden={count === 0}>
      <p role="status" className={classes['bulkCount']}>
        {count > 0 && t('selected', { count })}
      </p>
      <Button
        variant="default"
        disabled={running !== undefined}
        onClick={() => void run('cancel', cancelAll)}
      >
        {running === 'cancel' ? t('cancelling') : t('cancel')}
      </Button>
      <Button
        variant="default"
        disabled={running !== undefined}
        onClick={mayCost.length > 0 ? () => setAsked(true) : retry}
      >
        {running === 'retry' ? t('retrying') : t('retryShort')}
      </Button>
      <Button variant="subtle" disabled={running !== undefined} onClick={onClear}>
        {t('clearSelection')}
      </Button>
      <span className={classes['hint']}>{t('selectHint')}</span>
      {isAsked && (
        <RetryAllDialog
          jobIds={mayCost.map(({ id }) => id)}
          title={t('retry')}
          error={null}
          isStarting={running === 'retry'}
          onStart={retry}
          onClose={() => setAsked(false)}
        />
      )}
    </div>
  );
}
