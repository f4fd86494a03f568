import { isTerminalStatus, type Job } from '@scriptorium/contract';
import { useMemo } from 'react';
import type { Tone } from '../../components/index.ts';
import { useFormats, useMessages, type Formats, type Translate } from '../../i18n/index.ts';
import { jobsMessages } from './messages/index.ts';

export type T = Translate<(typeof jobsMessages)['en']>;

/** A state in a word, and a sentence about what goes on or what came of it. */
export interface JobWords {
  readonly tone: Tone;
  readonly badge: string;
  readonly sentence: string;
}

/** More names than these are a number. */
const MOST_NAMES = 3;
const AGAIN = 'another try after: ';

/** Words for jobs in the language of the interface. */
export function useJobWords(): (job: Job) => JobWords {
  const t = useMessages(jobsMessages);
  const formats = useFormats();
  return useMemo(() => (job) => wordsFor(job, t, formats), [t, formats]);
}

function wordsFor(job: Job, t: T, formats: Formats): JobWords {
  switch (job.status) {
    case 'pending':
      return { tone: 'waiting', badge: t('pending'), sentence: progressWords(job, t, formats) };
    case 'processing':
      return {
        tone: job.waiting_for === null ? 'running' : 'waiting',
        badge: job.waiting_for === null ? t('processing') : t('pending'),
        sentence: progressWords(job, t, formats),
      };
    case 'completed':
      return {
        tone: 'done',
        badge: job.gaps.length > 0 ? t('completedWithGaps') : t('completed'),
        sentence: completedWords(job, t),
      };
    case 'failed':
      return {
        tone: 'failed',
        badge: t('failed'),
        sentence: [job.error?.message ?? t('failed'), keptWords(job, t)].join(' '),
      };
    case 'cancelled': {
      const skipped = job.chunk_results.filter(({ status }) => status === 'skipped').length;
      const stopped = skipped === 0 ? '' : `${t('stoppedParts', { count: skipped })} `;
      const kept = doneParts(job);
      return {
        tone: 'stopped',
        badge: t('cancelled'),
        sentence: `${stopped}${kept === 0 ? t('keptNone') : t('keptParts', { count: kept })}`,
      };
    }
  }
}

function progressWords(job: Job, t: T, formats: Formats): string {
  if (job.waiting_for !== null) return waitingWords(job.waiting_for, t, formats);
  if (job.status === 'pending') return t('accepted');
  if (job.total_chunks === 0) return t('planning');
  if (job.processed_chunks >= job.total_chunks) return t('merging');
  const active = job.chunk_results.filter(({ status }) => status === 'active');
  if (active.length === 0) return t('between');
  const names = active.map((chunk) => chunk.label).filter((label) => label !== undefined);
  return names.length === active.length && names.length <= MOST_NAMES
    ? t('atWork', { parts: formats.list(names) })
    : t('atWorkMany', { count: active.length });
}

/** What is being waited for, and until when. The server's own reasons are translated, a model's are shown as they are. */
export function waitingWords(
  { reason, until }: NonNullable<Job['waiting_for']>,
  t: T,
  formats: Formats,
): string {
  const words = reasonWords(reason, t);
  return until === null
    ? t('waitingFor', { reason: words })
    : t('waitingUntil', { time: formats.clock(until), reason: words });
}

/** Why something waits. */
export function reasonWords(reason: string, t: T): string {
  if (reason === 'a free place') return t('reasonPlace');
  if (reason === 'its time') return t('reasonTime');
  if (reason === 'room on the disk') return t('reasonDisk');
  if (reason.startsWith(AGAIN)) return t('reasonAgain', { error: reason.slice(AGAIN.length) });
  return reason;
}

function completedWords(job: Job, t: T): string {
  if (job.total_chunks === 0) return t('wholeEmpty');
  if (job.gaps.length === 0) return t('whole', { count: job.total_chunks });
  return t('missing', { count: job.gaps.length, total: job.total_chunks });
}

function keptWords(job: Job, t: T): string {
  const kept = doneParts(job);
  return kept === 0 ? t('failedNothing') : t('failedKept', { count: kept });
}

function doneParts({ chunk_results: parts }: Job): number {
  return parts.filter(({ status }) => status === 'done').length;
}

/** True while the job can be stopped. */
export function isOpen({ status }: Pick<Job, 'status'>): boolean {
  return !isTerminalStatus(status);
}

/** What a kind of job is called. */
export function pipelineWords(pipeline: string, t: T): string {
  if (pipeline === 'books') return t('pipelineBooks');
  if (pipeline === 'novels') return t('pipelineNovels');
  return pipeline;
}

/** A part by its name, else by its place. */
export function partWords(
  part: { readonly index: number; readonly label?: string | null | undefined },
  t: T,
) {
  return part.label ?? t('partNumber', { number: part.index + 1 });
}
