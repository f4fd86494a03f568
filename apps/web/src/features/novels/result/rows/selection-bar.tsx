import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { useMessages } from '../../../../i18n/index.ts';
import { resultMessages } from '../messages/index.ts';
import { RedoMenu } from '../redo-menu.tsx';
import type { Selection } from './use-selection.ts';
import classes from './rows.module.css';

/** What may be done with the selected sentences, at the foot of the window. */
export function SelectionBar({
  jobId,
  novelId,
  selection,
}: {
  readonly jobId: number;
  readonly novelId: number;
  readonly selection: Selection;
}) {
  const t = useMessages(resultMessages);
  const ids = useMemo(() => [...selection.ids].toSorted((a, b) => a - b), [selection.ids]);
  return (
    <div className={classes['selection']}>
      <span role="status">{t('selected', { count: ids.length })}</span>
      <Button variant="subtle" onClick={selection.clear}>
        {t('clearSelection')}
      </Button>
      <RedoMenu jobId={jobId} novelId={novelId} sentenceIds={ids} label={t('redoSelected')} />
    </div>
  );
}
