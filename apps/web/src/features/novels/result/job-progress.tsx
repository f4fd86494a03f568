import { Button } from '@mantine/core';
import { routes, type Job } from '@scriptorium/contract';
import { useAction, useReceipt, type Link } from '../../../api/index.ts';
import { ErrorNotice, LiveBadge, ProgressLine, StatusBadge } from '../../../components/index.ts';
import { useFormats, useMessages, type Formats, type Translate } from '../../../i18n/index.ts';
import { useTeller, waitReason, type Teller } from '../../../said/index.ts';
import { resultMessages } from './messages/index.ts';
import { pagesOf } from './page-span.ts';
import { secondsLeft } from './time-left.ts';
import classes from './result-page.module.css';

type T = Translate<(typeof resultMessages)['en']>;

/** A job that is open: its step, how long it will go on, what it waits for, and how to stop it. */
export function JobProgress({
  job,
  link,
  title,
  hasRows,
}: {
  readonly job: Job;
  readonly link: Link;
  readonly title: string;
  readonly hasRows: boolean;
}) {
  const t = useMessages(resultMessages);
  const formats = useFormats();
  const teller = useTeller();
  const cancel = useAction(routes.jobs.cancel, [routes.jobs.list, routes.credits.balance]);
  const { data: receipt } = useReceipt(job);
  const held = receipt?.credits?.held ?? 0;
  const isWaiting = job.status === 'pending' || job.waiting_for !== null;
  return (
    <section className={classes['panel']} aria-label={t('progressOf', { title })}>
      <div className={classes['panelHead']}>
        <StatusBadge tone={isWaiting ? 'waiting' : 'running'}>
          {t(job.status === 'pending' ? 'status_pending' : 'status_processing')}
        </StatusBadge>
        <LiveBadge link={link} />
        <Button
          variant="default"
          className={classes['panelAction']}
          disabled={cancel.isPending || cancel.isSuccess}
          onClick={() => cancel.mutate({ params: { id: job.id } })}
        >
          {t(cancel.isPending || cancel.isSuccess ? 'cancelling' : 'cancel')}
        </Button>
      </div>
      <ProgressLine
        percent={job.progress_percent}
        label={t('progressOf', { title })}
        tone={isWaiting ? 'waiting' : 'running'}
      >
        {stepOf(job, t)} · {timeOf(job, t, formats)}
      </ProgressLine>
      <p className="visually-hidden" role="status">
        {stepOf(job, t)}
      </p>
      {job.waiting_for !== null && (
        <p className={classes['waiting']}>{waitOf(job.waiting_for, t, formats, teller)}</p>
      )}
      {cancel.error !== null && <ErrorNotice error={cancel.error} />}
      <p className={classes['note']}>
        {held > 0 && `${t('held', { credits: formats.number(held) })} `}
        {hasRows && t('partialNote')}
      </p>
    </section>
  );
}

/** “Part 5 of 10, pages 61–75”. */
function stepOf(job: Job, t: T): string {
  const { processed_chunks: done, total_chunks: total, chunk_results: chunks } = job;
  if (job.status === 'pending') return t('status_pending');
  if (total === 0) return t('preparing');
  if (done === total) return t('merging');
  const part = t('partOf', { part: done + 1, total });
  const pages = chunks
    .filter(({ status }) => status === 'active')
    .map(({ label }) => pagesOf(label))
    .filter((span) => span !== undefined);
  return pages.length === 0 ? part : `${part}, ${t('onPages', { pages: pages.join(', ') })}`;
}

function timeOf(job: Job, t: T, formats: Formats): string {
  const left = secondsLeft(job, Date.now());
  if (left === undefined) return t('timeUnknown');
  return t('timeLeft', { time: formats.duration(Math.max(1, Math.round(left))) });
}

function waitOf(
  waits: NonNullable<Job['waiting_for']>,
  t: T,
  formats: Formats,
  teller: Teller,
): string {
  const { until } = waits;
  const reason = waitReason(waits, teller);
  return until === null
    ? t('waitsFor', { reason })
    : t('waitsUntil', { reason, time: formats.clock(until) });
}
