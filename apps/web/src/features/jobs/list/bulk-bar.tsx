import { Button } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { jobsMessages } from '../messages/index.ts';
import type { Selection } from './use-selection.ts';
import { useBulk } from './use-bulk.ts';
import classes from './jobs-list.module.css';

/** What can be done with all selected jobs at once. */
export function BulkBar({ selection }: { readonly selection: Selection }) {
  const t = useMessages(jobsMessages);
  const { cancelAll, retryAll } = useBulk();
  const [running, setRunning] = useState<'cancel' | 'retry'>();
  const count = selection.ids.size;
  const run = async (name: 'cancel' | 'retry', act: (ids: readonly number[]) => Promise<void>) => {
    setRunning(name);
    await act([...selection.ids]);
    setRunning(undefined);
    selection.clear();
  };
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
        onClick={() => void run('retry', retryAll)}
      >
        {running === 'retry' ? t('retrying') : t('retryShort')}
      </Button>
      <Button variant="subtle" disabled={running !== undefined} onClick={selection.clear}>
        {t('clearSelection')}
      </Button>
      <span className={classes['hint']}>{t('selectHint')}</span>
    </div>
  );
}
