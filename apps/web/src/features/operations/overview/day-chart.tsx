import { Facts } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import { HourTable } from './hour-table.tsx';
import classes from './overview.module.css';

export interface Hour {
  readonly at: string;
  readonly done: number;
  readonly failed: number;
}

/** In units of the drawing, which is stretched to the width of its place. */
const [ABOVE, BELOW] = [72, 26];
/** One failure among thousands must be seen. */
const LEAST = 2;
const HOURS_BETWEEN_LABELS = 6;

/** Bars of hours: done above the line, failed below it, on one scale. The same numbers follow as a table. */
export function DayChart({
  title,
  hours,
}: {
  readonly title: string;
  readonly hours: readonly Hour[];
}) {
  const t = useMessages(operationsMessages);
  const formats = useFormats();
  const total = { done: 0, failed: 0, most: 0, mostFailed: 0 };
  for (const { done, failed } of hours) {
    total.done += done;
    total.failed += failed;
    total.most = Math.max(total.most, done);
    total.mostFailed = Math.max(total.mostFailed, failed);
  }
  const unit = Math.min(ABOVE / Math.max(total.most, 1), BELOW / Math.max(total.mostFailed, 1));
  const height = (count: number) => (count === 0 ? 0 : Math.max(LEAST, count * unit));
  const totals = { done: formats.number(total.done), failed: formats.number(total.failed) };
  return (
    <figure className={classes['chart']}>
      <figcaption>
        <h3 className={classes['chartTitle']}>{title}</h3>
        <Facts facts={[t('dayTotals', totals), t('dayMost', { count: total.most })]} />
      </figcaption>
      <svg
        viewBox={`0 0 ${hours.length} ${ABOVE + BELOW}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('chartLabel', { what: title, ...totals })}
        className={classes['bars']}
      >
        {hours.map(({ at, done, failed }, index) => (
          <g key={at}>
            <title>
              {t('hourTitle', {
                time: formats.clock(at),
                done: formats.number(done),
                failed: formats.number(failed),
              })}
            </title>
            <rect x={index} y={0} width={1} height={ABOVE + BELOW} className={classes['ground']} />
            <rect
              x={index + 0.15}
              y={ABOVE - height(done)}
              width={0.7}
              height={height(done)}
              className={classes['done']}
            />
            <rect
              x={index + 0.15}
              y={ABOVE}
              width={0.7}
              height={height(failed)}
              className={classes['failed']}
            />
          </g>
        ))}
        <line x1={0} x2={hours.length} y1={ABOVE} y2={ABOVE} className={classes['line']} />
      </svg>
      <div className={classes['clock']} aria-hidden="true">
        {hours
          .filter((_, index) => index % HOURS_BETWEEN_LABELS === 0)
          .map(({ at }) => (
            <span key={at} className="figures">
              {formats.clock(at)}
            </span>
          ))}
      </div>
      <HourTable title={title} hours={hours} />
    </figure>
  );
}
