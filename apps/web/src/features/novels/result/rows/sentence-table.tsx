import { useCallback, useEffect, useRef } from 'react';
import { useMessages } from '../../../../i18n/index.ts';
import { resultMessages } from '../messages/index.ts';
import { SentenceRow } from './sentence-row.tsx';
import { useDraft } from './use-draft.tsx';
import { useRowKeys } from './use-row-keys.ts';
import type { Rows } from './use-rows.ts';
import { useRowWindow } from './use-row-window.ts';
import type { Selection } from './use-selection.ts';
import classes from './rows.module.css';

interface Props {
  readonly jobId: number;
  readonly rows: Rows;
  readonly total: number;
  readonly language: string | undefined;
  readonly needle: string;
  readonly isRunning: boolean;
  readonly selection: Selection;
}

/** Tens of thousands of rows, of which those in the window are drawn. */
export function SentenceTable(props: Props) {
  const { jobId, rows, total, language, needle, isRunning, selection } = props;
  const t = useMessages(resultMessages);
  const list = useRef<HTMLDivElement>(null);
  const { virtualizer, scrollMargin } = useRowWindow(list, total);
  const items = virtualizer.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  const { show, rowAt } = rows;
  useEffect(() => show(first, last), [show, first, last]);
  const { begin, formFor } = useDraft(jobId, language);
  const goTo = useCallback(
    (index: number) => virtualizer.scrollToIndex(index, { align: 'auto' }),
    [virtualizer],
  );
  const focusRow = useRowKeys({ list, total, rowAt, goTo, begin, selection });
  return (
    <div role="table" aria-label={t('rowsLabel')} aria-rowcount={total + 1}>
      <TableHead />
      <div
        ref={list}
        role="rowgroup"
        className={classes['body']}
        style={{ height: virtualizer.getTotalSize() }}
      >
        <div
          role="presentation"
          className={classes['window']}
          style={{ transform: `translateY(${(items[0]?.start ?? 0) - scrollMargin}px)` }}
        >
          {items.map(({ index, key }) => {
            const row = rowAt(index);
            return (
              <SentenceRow
                key={key}
                index={index}
                row={row}
                language={language}
                needle={needle}
                isRunning={isRunning}
                isSelected={row !== undefined && selection.ids.has(row.id)}
                measure={virtualizer.measureElement}
                onToggle={selection.toggle}
                onEdit={begin}
              >
                {formFor(row, () => focusRow(index))}
              </SentenceRow>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function TableHead() {
  const t = useMessages(resultMessages);
  return (
    <div role="rowgroup" className={classes['head']}>
      <div role="row" aria-rowindex={1} className={classes['row']}>
        <span role="columnheader" className={classes['number']}>
          {t('columnNumber')}
        </span>
        <span role="columnheader">{t('columnSource')}</span>
        <span role="columnheader">{t('columnShort')}</span>
        <span role="columnheader">{t('columnState')}</span>
      </div>
    </div>
  );
}
