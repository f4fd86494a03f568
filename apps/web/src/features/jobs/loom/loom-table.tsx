import type { AttemptOutcome, Timeline } from '@scriptorium/contract';
import { Time } from '../../../components/index.ts';
import { useFormats, useMessages, type Formats } from '../../../i18n/index.ts';
import { useTeller, waitReason, type Teller } from '../../../said/index.ts';
import { partWords, type T } from '../job-words.ts';
import { jobsMessages } from '../messages/index.ts';
import classes from './loom-table.module.css';

type Chunk = Timeline['chunks'][number];
type Attempt = Chunk['attempts'][number];

const OUTCOMES = {
  done: 'outcomeDone',
  retry: 'outcomeRetry',
  failed: 'outcomeFailed',
  crashed: 'outcomeCrashed',
  given_back: 'outcomeGivenBack',
  let_go: 'outcomeLetGo',
  quarantined: 'outcomeQuarantined',
} as const satisfies Record<AttemptOutcome, string>;

const STATES = {
  waiting: 'partWaiting',
  active: 'partActive',
  done: 'partDone',
  failed: 'partFailed',
  skipped: 'partSkipped',
} as const satisfies Record<Chunk['status'], string>;

/** The timeline in words: a row for each run of each part. */
export function LoomTable({ timeline }: { readonly timeline: Timeline }) {
  const t = useMessages(jobsMessages);
  return (
    <div className={classes['scroll']} role="region" aria-label={t('timeline')} tabIndex={0}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{t('part')}</th>
            <th scope="col">{t('state')}</th>
            <th scope="col" className={classes['number']}>
              {t('run')}
            </th>
            <th scope="col">{t('worker')}</th>
            <th scope="col">{t('began')}</th>
            <th scope="col" className={classes['number']}>
              {t('took')}
            </th>
            <th scope="col">{t('howEnded')}</th>
          </tr>
        </thead>
        <tbody>
          {timeline.chunks.map((chunk) => (
            <PartRows key={chunk.index} chunk={chunk} now={timeline.now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PartRows({ chunk, now }: { readonly chunk: Chunk; readonly now: string }) {
  const t = useMessages(jobsMessages);
  const formats = useFormats();
  const teller = useTeller();
  const span = Math.max(1, chunk.attempts.length);
  const head = (
    <>
      <th scope="rowgroup" rowSpan={span}>
        {partWords(chunk, t, teller)}
      </th>
      <td rowSpan={span}>{t(STATES[chunk.status])}</td>
    </>
  );
  if (chunk.attempts.length === 0) {
    return (
      <tr>
        {head}
        <td colSpan={5}>{chunk.reused ? t('partReused') : t('noRun')}</td>
      </tr>
    );
  }
  return chunk.attempts.map((attempt, i) => (
    <tr key={attempt.started_at + String(i)}>
      {i === 0 && head}
      <td className={classes['number']}>{formats.number(i + 1)}</td>
      <td>{attempt.worker ?? t('unknownWorker')}</td>
      <td>
        <Time at={attempt.started_at} exact />
      </td>
      <td className={classes['number']}>{formats.duration(secondsOf(attempt, now))}</td>
      <td>{outcomeWords(attempt, t, formats, teller)}</td>
    </tr>
  ));
}

function secondsOf({ started_at: from, ended_at: to }: Attempt, now: string): number {
  return Math.max(0, Date.parse(to ?? now) - Date.parse(from)) / 1000;
}

function outcomeWords(
  { outcome, code, waits }: Attempt,
  t: T,
  formats: Formats,
  teller: Teller,
): string {
  const ended = outcome === null ? t('outcomeRunning') : t(OUTCOMES[outcome]);
  const why = code === undefined ? '' : ` (${code})`;
  const then =
    waits === undefined || waits.until === null
      ? ''
      : `; ${t('waitsUntil', { time: formats.clock(waits.until), reason: waitReason(waits, teller) })}`;
  return `${ended}${why}${then}`;
}
