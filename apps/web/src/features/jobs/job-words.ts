import { isTerminalStatus, type Coded, type Job } from '@scriptorium/contract';
import { useMemo } from 'react';
import type { Tone } from '../../components/index.ts';
import { useFormats, useMessages, type Formats, type Translate } from '../../i18n/index.ts';
import { useTeller, waitReason, type Teller } from '../../said/index.ts';
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

/** Words for jobs in the language of the interface. */
export function useJobWords(): (job: Job) => JobWords {
  const t = useMessages(jobsMessages);
  const formats = useFormats();
  const teller = useTeller();
  return useMemo(() => (job) => wordsFor(job, t, formats, teller), [t, formats, teller]);
}

function wordsFor(job: Job, t: T, formats: Formats, teller: Teller): JobWords {
  switch (job.status) {
    case 'pending':
      return {
        tone: 'waiting',
        badge: t('pending'),
        sentence: progressWords(job, t, formats, teller),
      };
    case 'processing':
      return {
        tone: job.waiting_for === null ? 'running' : 'waiting',
        badge: job.waiting_for === null ? t('processing') : t('pending'),
        sentence: progressWords(job, t, formats, teller),
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
        sentence: [
          job.error === null ? t('failed') : teller.sentence(job.error),
          keptWords(job, t),
        ].join(' '),
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

function progressWords(job: Job, t: T, formats: Formats, teller: Teller): string {
  if (job.waiting_for !== null) return waitingWords(job.waiting_for, t, formats, teller);
  if (job.status === 'pending') return t('accepted');
  if (job.total_chunks === 0) return t('planning');
  if (job.processed_chunks >= job.total_chunks) return t('merging');
  const active = job.chunk_results.filter(({ status }) => status === 'active');
  if (active.length === 0) return t('between');
  const names = active.map((chunk) => partWords(chunk, t, teller));
  return names.length <= MOST_NAMES
    ? t('atWork', { parts: formats.list(names) })
    : t('atWorkMany', { count: active.length });
}

/** What is being waited for, and until when. */
export function waitingWords(
  waits: NonNullable<Job['waiting_for']>,
  t: T,
  formats: Formats,
  teller: Teller,
): string {
  const reason = waitReason(waits, teller);
  return waits.until === null
    ? t('waitingFor', { reason })
    : t('waitingUntil', { time: formats.clock(waits.until), reason });
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

/** Nothing of it is missing, so there is nothing to do again. */
export function isWhole({ status, gaps }: Pick<Job, 'status' | 'gaps'>): boolean {
  return status === 'completed' && gaps.length === 0;
}

/** What a kind of job is called. */
export function pipelineWords(pipeline: string, t: T): string {
  if (pipeline === 'books') return t('pipelineBooks');
  if (pipeline === 'novels') return t('pipelineNovels');
  return pipeline;
}

/** A part by its name, else by its place. */
export function partWords(part: NamedPart, t: T, teller: Teller): string {
  const { index, label, label_coded: coded } = part;
  return label === null || label === undefined
    ? t('partNumber', { number: index + 1 })
    : teller.coded(label, coded);
}

export interface NamedPart {
  readonly index: number;
  readonly label?: string | null | undefined;
  readonly label_coded?: Coded | undefined;
}
