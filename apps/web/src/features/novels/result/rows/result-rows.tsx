import { Button } from '@mantine/core';
import type { Audit } from '@scriptorium/contract';
import { ErrorNotice, NothingFound, SkeletonLines } from '../../../../components/index.ts';
import { useMessages } from '../../../../i18n/index.ts';
import { resultMessages } from '../messages/index.ts';
import { RedoMenu } from '../redo-menu.tsx';
import { RowTools } from './row-tools.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { SentenceTable } from './sentence-table.tsx';
import { useFilter } from './use-filter.ts';
import { useRows } from './use-rows.ts';
import { useSelection } from './use-selection.ts';
import classes from './rows.module.css';

interface Props {
  readonly jobId: number;
  readonly novelId: number;
  readonly labels: Audit['labels'];
  readonly language: string | null;
  readonly isRunning: boolean;
}

/** Source beside short sentences: filtered, searched, edited, chosen. Filter, search and place are in the address. */
export function ResultRows({ jobId, novelId, labels, language, isRunning }: Props) {
  const t = useMessages(resultMessages);
  const filter = useFilter();
  const { show, search } = filter;
  const rows = useRows({ jobId, label: show, search });
  const selection = useSelection(rows.idsBetween);
  const over = labels.over_limit ?? 0;
  const showAll = () => {
    filter.setTyped('');
    filter.setShow(undefined);
  };
  return (
    <section aria-label={t('rowsLabel')}>
      <RowTools filter={filter} labels={labels} isRunning={isRunning}>
        {!isRunning && over > 0 && (
          <RedoMenu
            jobId={jobId}
            novelId={novelId}
            sentenceIds={undefined}
            label={t('redoOver', { count: over })}
          />
        )}
      </RowTools>
      {rows.error !== null && <ErrorNotice error={rows.error} onRetry={rows.refetch} />}
      {rows.total === undefined && rows.error === null && (
        <SkeletonLines lines={8} height={40} label={t('loading')} />
      )}
      <p className={classes['count']} role="status">
        {rows.total !== undefined && t('found', { count: rows.total })}
      </p>
      {rows.total === 0 && (
        <NothingFound>
          {t('noneFound')}
          <Button size="compact-md" variant="default" onClick={showAll}>
            {t('showAll')}
          </Button>
        </NothingFound>
      )}
      {rows.total !== undefined && rows.total > 0 && (
        <SentenceTable
          // Another filter is another table: heights and places of the old one mean nothing in it.
          key={`${show ?? ''} ${search}`}
          jobId={jobId}
          rows={rows}
          total={rows.total}
          language={language ?? undefined}
          needle={search}
          isRunning={isRunning}
          selection={selection}
        />
      )}
      {!isRunning && selection.ids.size > 0 && (
        <SelectionBar jobId={jobId} novelId={novelId} selection={selection} />
      )}
    </section>
  );
}
