import { useMessages } from '../../../i18n/index.ts';
import { jobsMessages } from '../messages/index.ts';
import type { Loom } from './lay-out.ts';
import classes from './loom.module.css';

const KINDS = [
  ['running', 'segRunning'],
  ['done', 'segDone'],
  ['waiting', 'segWaiting'],
  ['failed', 'segFailed'],
  ['stopped', 'segStopped'],
  ['reused', 'segReused'],
] as const;

/** What the segments mean, and whose letters they bear. */
export function LoomLegend({ workers }: { readonly workers: Loom['workers'] }) {
  const t = useMessages(jobsMessages);
  return (
    <figcaption className={classes['legend']} aria-label={t('legend')}>
      <span className={classes['keys']}>
        {KINDS.map(([kind, word]) => (
          <span key={kind} className={classes['key']}>
            <span className={classes['sample']} data-kind={kind} aria-hidden="true" />
            {t(word)}
          </span>
        ))}
      </span>
      {workers.length > 0 && (
        <span className={classes['keys']}>
          {t('workers')}
          {workers.map(({ initial, name }) => (
            <span key={name} className={classes['key']}>
              <b>{initial}</b> {name}
            </span>
          ))}
        </span>
      )}
    </figcaption>
  );
}
