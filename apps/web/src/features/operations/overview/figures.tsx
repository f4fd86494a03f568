import type { Overview } from '@scriptorium/contract';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import classes from './overview.module.css';

/** The state of the whole in five numbers. */
export function Figures({ overview }: { readonly overview: Overview }) {
  const t = useMessages(operationsMessages);
  const formats = useFormats();
  const figures = [
    ['workersFigure', overview.workers.length, overview.workers.length === 0],
    ['runningFigure', overview.jobs.processing ?? 0, false],
    ['waitingFigure', overview.jobs.pending ?? 0, false],
    ['watchersFigure', overview.watchers, false],
    ['quarantineFigure', overview.quarantined, overview.quarantined > 0],
  ] as const;
  return (
    <dl className={classes['figures']}>
      {figures.map(([name, value, isBad]) => (
        <div key={name} data-bad={isBad || undefined}>
          <dt>{t(name)}</dt>
          <dd className="figures">{formats.number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
