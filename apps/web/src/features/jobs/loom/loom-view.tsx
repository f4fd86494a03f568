import type { Timeline } from '@scriptorium/contract';
import { memo, useMemo } from 'react';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { useTeller } from '../../../said/index.ts';
import { partWords } from '../job-words.ts';
import { jobsMessages } from '../messages/index.ts';
import { layOut, type LoomRow } from './lay-out.ts';
import { LoomLegend } from './loom-legend.tsx';
import { useClock } from '../use-clock.ts';
import classes from './loom.module.css';

/** Up to so many parts there is room for names; above, each part is a thread. */
const MOST_NAMED = 40;
const MOST_CLOSE = 120;

/** The parts of a job over time, as threads on a loom. The table has the same for those who do not see it. */
export function LoomView({
  timeline,
  updatedAt,
  isOpen,
  name,
}: {
  readonly timeline: Timeline;
  /** When this device has received it, so that now can move on between two answers. */
  readonly updatedAt: number;
  readonly isOpen: boolean;
  readonly name: string;
}) {
  const t = useMessages(jobsMessages);
  const formats = useFormats();
  const teller = useTeller();
  const count = timeline.chunks.length;
  const device = useClock(count > MOST_CLOSE ? 5000 : 1000, isOpen);
  const nowMs = isOpen ? Date.parse(timeline.now) + Math.max(0, device - updatedAt) : undefined;
  const loom = useMemo(() => layOut(timeline, nowMs), [timeline, nowMs]);
  const density = count <= MOST_NAMED ? 'named' : count <= MOST_CLOSE ? 'close' : 'threads';
  const done = timeline.chunks.filter(
    ({ status }) => status !== 'waiting' && status !== 'active',
  ).length;
  return (
    <figure className={classes['figure']}>
      <div
        className={classes['scroll']}
        data-density={density}
        role="img"
        tabIndex={0}
        aria-label={t('loomOf', { name, done, total: count })}
      >
        <div className={classes['axis']}>
          <div className={classes['track']}>
            {loom.ticks.map(({ seconds, left }) => (
              <span key={seconds} className={classes['tick']} style={{ left: `${left}%` }}>
                {formats.duration(seconds)}
              </span>
            ))}
          </div>
        </div>
        <div className={classes['warp']}>
          <div className={classes['grid']}>
            {loom.ticks.map(({ seconds, left }) => (
              <span key={seconds} className={classes['gridLine']} style={{ left: `${left}%` }} />
            ))}
            {loom.now !== undefined && (
              <span className={classes['now']} style={{ left: `${loom.now}%` }}>
                <span className={classes['nowWord']}>{t('now')}</span>
              </span>
            )}
          </div>
          {loom.rows.map((row) => (
            <Thread key={row.index} row={row} label={partWords(row, t, teller)} />
          ))}
        </div>
      </div>
      <LoomLegend workers={loom.workers} />
    </figure>
  );
}

const Thread = memo(function Thread({
  row,
  label,
}: {
  readonly row: LoomRow;
  readonly label: string;
}) {
  return (
    <div className={classes['row']}>
      <span className={classes['label']} title={label}>
        {label}
      </span>
      <div className={classes['track']}>
        {row.segments.map(({ kind, left, width, initial }, i) => (
          <span
            // Tries are only ever added at the end.
            key={i}
            className={classes['segment']}
            data-kind={kind}
            title={label}
            style={{ left: `${left}%`, width: `${width}%` }}
          >
            {initial}
          </span>
        ))}
      </div>
    </div>
  );
});
