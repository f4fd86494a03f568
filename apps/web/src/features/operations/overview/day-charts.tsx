import type { Overview } from '@scriptorium/contract';
import { useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import { DayChart } from './day-chart.tsx';
import classes from './overview.module.css';

/** The last day twice: the parts, which show the load, and the jobs, which people wait for. */
export function DayCharts({ hours }: { readonly hours: Overview['hours'] }) {
  const t = useMessages(operationsMessages);
  return (
    <div className={classes['charts']}>
      <DayChart
        title={t('chunks')}
        hours={hours.map((hour) => ({
          at: hour.at,
          done: hour.chunks_done,
          failed: hour.chunks_failed,
        }))}
      />
      <DayChart
        title={t('jobs')}
        hours={hours.map((hour) => ({
          at: hour.at,
          done: hour.jobs_completed,
          failed: hour.jobs_failed,
        }))}
      />
    </div>
  );
}
