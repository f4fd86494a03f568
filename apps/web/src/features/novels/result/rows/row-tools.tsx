import type { Audit } from '@scriptorium/contract';
import { useMemo, useRef, type ReactNode } from 'react';
import { useShortcuts } from '../../../../app/shell/shortcuts.ts';
import { SearchField } from '../../../../components/index.ts';
import { useMessages } from '../../../../i18n/index.ts';
import { resultMessages } from '../messages/index.ts';
import { LabelFilter } from './label-filter.tsx';
import type { FilterControl } from './use-filter.ts';
import classes from './rows.module.css';

/** Filter and search, which stay in sight while the rows are scrolled; at the end, what may be done with all of them. */
export function RowTools({
  filter: { show, typed, setShow, setTyped },
  labels,
  isRunning,
  children,
}: {
  readonly filter: FilterControl;
  readonly labels: Audit['labels'];
  readonly isRunning: boolean;
  readonly children: ReactNode;
}) {
  const t = useMessages(resultMessages);
  const field = useRef<HTMLInputElement>(null);
  const shortcuts = useMemo(
    () => [
      { keys: '/', label: t('shortcutSearch'), run: () => field.current?.focus() },
      {
        keys: 'o',
        label: t('shortcutOver'),
        run: () => setShow(show === 'over_limit' ? undefined : 'over_limit'),
      },
    ],
    [t, show, setShow],
  );
  useShortcuts(t('shortcutsTitle'), shortcuts);
  return (
    <div className={classes['tools']}>
      <LabelFilter labels={labels} show={show} isRunning={isRunning} onShow={setShow} />
      <div className={classes['toolsEnd']}>
        <SearchField label={t('search')} value={typed} onSearch={setTyped} field={field} />
        {children}
      </div>
    </div>
  );
}
