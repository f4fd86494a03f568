import { ActionIcon } from '@mantine/core';
import type { ShortenedSentence } from '@scriptorium/contract';
import { IconPencil } from '@tabler/icons-react';
import { memo, type ReactNode } from 'react';
import { useLanguage, useMessages } from '../../../../i18n/index.ts';
import { useTeller } from '../../../../said/index.ts';
import { resultMessages } from '../messages/index.ts';
import { Marked } from './marked.tsx';
import { linesOf } from './sense-groups.ts';
import type { Selection } from './use-selection.ts';
import classes from './rows.module.css';

interface Props {
  readonly index: number;
  /** Undefined while it is on its way. */
  readonly row: ShortenedSentence | undefined;
  readonly language: string | undefined;
  readonly needle: string;
  readonly isRunning: boolean;
  readonly isSelected: boolean;
  readonly measure: (element: HTMLElement | null) => void;
  readonly onToggle: Selection['toggle'];
  readonly onEdit: (row: ShortenedSentence) => void;
  /** In place of the short sentences, while they are written over. */
  readonly children: ReactNode;
}

/** One sentence of the source and what was made of it. Drawn again only when something of it has changed. */
export const SentenceRow = memo(function SentenceRow(props: Props) {
  const { index, row, measure, isSelected } = props;
  const t = useMessages(resultMessages);
  return (
    <div
      ref={measure}
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      data-label={row?.label}
      data-begins={row?.is_paragraph_start || undefined}
      data-heading={row?.is_heading || undefined}
      data-selected={isSelected || undefined}
      tabIndex={-1}
      className={classes['row']}
    >
      {row === undefined ? (
        <span role="cell" className={classes['coming']}>
          {t('rowLoading', { number: index + 1 })}
        </span>
      ) : (
        <Cells {...props} row={row} />
      )}
    </div>
  );
});

function Cells({
  index,
  row,
  language,
  needle,
  isRunning,
  isSelected,
  onToggle,
  onEdit,
  children,
}: Props & { readonly row: ShortenedSentence }) {
  const t = useMessages(resultMessages);
  const isComing = isRunning && row.label === 'missing';
  return (
    <>
      <span role="cell" className={classes['number']}>
        {!isRunning && (
          <label className={classes['select']}>
            <input
              type="checkbox"
              aria-label={t('select', { number: row.id })}
              checked={isSelected}
              onChange={(event) => {
                const native = event.nativeEvent;
                onToggle({ id: row.id, index }, native instanceof MouseEvent && native.shiftKey);
              }}
            />
          </label>
        )}
        <span className={classes['place']}>
          <span className="figures">{row.id}</span>
          <span className={classes['page']}>{t('pageOf', { page: row.page })}</span>
        </span>
      </span>
      <span role="cell" lang={language} className={classes['source']}>
        <Marked text={row.source} needle={needle} />
      </span>
      <span role="cell" lang={language} className={classes['short']}>
        {children || (isComing ? null : <Short row={row} needle={needle} />)}
      </span>
      <span role="cell" className={classes['state']}>
        <span data-label={row.label} className={classes['label']}>
          {isComing ? t('row_notYet') : t(`row_${row.label}`)}
        </span>
        {!isRunning && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            className={classes['editButton']}
            aria-label={t('edit', { number: row.id })}
            onClick={() => onEdit(row)}
          >
            <IconPencil size={16} aria-hidden="true" />
          </ActionIcon>
        )}
      </span>
    </>
  );
}

/** Each begins on a line of its own. */
function Short({ row, needle }: { readonly row: ShortenedSentence; readonly needle: string }) {
  const teller = useTeller();
  const { language } = useLanguage();
  if (row.label === 'missing') return null;
  return (
    <>
      {linesOf(row).map((lines, place) => (
        // Two of them may be equal, and none ever moves.
        <span key={`${place} ${lines[0]}`} className={classes['sentence']}>
          {lines.map((line, number) => (
            <span key={`${number} ${line}`}>
              <Marked text={line} needle={needle} />
            </span>
          ))}
        </span>
      ))}
      {row.notes !== undefined && row.notes.length > 0 && (
        <span className={classes['notes']} lang={language}>
          {row.notes.map((note, i) => teller.coded(note, row.notes_coded?.[i])).join(' ')}
        </span>
      )}
    </>
  );
}
