import { Button } from '@mantine/core';
import type { Job, JobEvent } from '@scriptorium/contract';
import { useMemo, useState } from 'react';
import { Time } from '../../../components/index.ts';
import { useFormats, useMessages, type Formats } from '../../../i18n/index.ts';
import { useTeller, type Teller } from '../../../said/index.ts';
import { partWords, waitingWords, type T } from '../job-words.ts';
import { jobsMessages } from '../messages/index.ts';
import classes from './job.module.css';

const FIRST = 12;

/** The job's log, newest first, under the numbers that the server has given. */
export function EventLog({
  events,
  job,
}: {
  readonly events: readonly JobEvent[];
  readonly job: Job;
}) {
  const t = useMessages(jobsMessages);
  const formats = useFormats();
  const teller = useTeller();
  const [isWhole, setIsWhole] = useState(false);
  const newest = useMemo(() => events.toReversed(), [events]);
  const labels = useMemo(
    () => new Map(job.chunk_results.map((part) => [part.index, partWords(part, t, teller)])),
    [job.chunk_results, t, teller],
  );
  if (newest.length === 0) return <p className={classes['note']}>{t('logEmpty')}</p>;
  const hidden = isWhole ? 0 : Math.max(0, newest.length - FIRST);
  return (
    <>
      <ol className={classes['log']} reversed start={newest.length}>
        {newest.slice(0, newest.length - hidden).map((event) => (
          <li key={event.seq} data-event={event.type}>
            <span className={classes['seq']}>{formats.number(event.seq)}</span>
            <Time at={event.at} exact />
            <span>{eventWords(event, labels, { t, formats, teller })}</span>
          </li>
        ))}
      </ol>
      {hidden > 0 && (
        <Button variant="default" onClick={() => setIsWhole(true)}>
          {t('logAll', { count: hidden })}
        </Button>
      )}
    </>
  );
}

interface Tongue {
  readonly t: T;
  readonly formats: Formats;
  readonly teller: Teller;
}

function eventWords(event: JobEvent, labels: ReadonlyMap<number, string>, tongue: Tongue): string {
  const { t, formats, teller } = tongue;
  switch (event.type) {
    case 'job.accepted':
      return t('evAccepted');
    case 'job.started':
      return t('evStarted');
    case 'job.planned':
      return t('evPlanned', { count: event.data.total_chunks });
    case 'chunk.settled':
      return settledWords(event.data, labels, tongue);
    case 'job.progress':
      return t('evProgress', { percent: formats.percent(event.data.progress_percent) });
    case 'job.merging':
      return t('evMerging');
    case 'job.waiting':
      return event.data.waiting_for === null
        ? t('processing')
        : waitingWords(event.data.waiting_for, t, formats, teller);
    case 'job.completed':
      return t('evCompleted');
    case 'job.failed':
      return t('evFailed', { message: teller.sentence(event.data.error) });
    case 'job.cancelled':
      return t('evCancelled');
  }
}

function settledWords(
  data: Extract<JobEvent, { type: 'chunk.settled' }>['data'],
  labels: ReadonlyMap<number, string>,
  { t, teller }: Tongue,
): string {
  const part = labels.get(data.index) ?? partWords({ index: data.index }, t, teller);
  if (data.chunk_status === 'failed') return t('evSettledFailed', { part, code: data.code ?? '–' });
  if (data.chunk_status === 'skipped') return t('evSettledSkipped', { part });
  return data.reused === true ? t('evSettledReused', { part }) : t('evSettledDone', { part });
}
