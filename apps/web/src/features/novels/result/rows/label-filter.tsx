import type { Audit } from '@scriptorium/contract';
import { useFormats, useMessages } from '../../../../i18n/index.ts';
import { LABELS, type Label } from '../labels.ts';
import { resultMessages } from '../messages/index.ts';
import classes from './rows.module.css';

/** These are offered even when there are none, because people look for them. */
const ALWAYS: ReadonlySet<Label> = new Set(['over_limit', 'edited']);

/** Which sentences to show, by what became of them, with how many there are. */
export function LabelFilter({
  labels,
  show,
  isRunning,
  onShow,
}: {
  readonly labels: Audit['labels'];
  readonly show: Label | undefined;
  readonly isRunning: boolean;
  readonly onShow: (label: Label | undefined) => void;
}) {
  const t = useMessages(resultMessages);
  const formats = useFormats();
  const all = Object.values(labels).reduce((sum, count) => sum + count, 0);
  const offered = LABELS.filter(
    (label) => (labels[label] ?? 0) > 0 || label === show || ALWAYS.has(label),
  );
  return (
    <div role="group" aria-label={t('filters')} className={classes['filters']}>
      <button type="button" aria-pressed={show === undefined} onClick={() => onShow(undefined)}>
        {t('all')} <span className="figures">{formats.number(all)}</span>
      </button>
      {offered.map((label) => (
        <button
          key={label}
          type="button"
          data-label={label}
          aria-pressed={show === label}
          onClick={() => onShow(show === label ? undefined : label)}
        >
          {label === 'missing' && isRunning ? t('label_notYet') : t(`label_${label}`)}{' '}
          <span className="figures">{formats.number(labels[label] ?? 0)}</span>
        </button>
      ))}
    </div>
  );
}
