import { Button } from '@mantine/core';
import type { Job } from '@scriptorium/contract';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useReceipt } from '../../../api/index.ts';
import { StatusBadge, Time } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { useTeller } from '../../../said/index.ts';
import { RetryDialog } from '../again/index.ts';
import { JOB_TONES, stateOf } from '../novel-jobs.ts';
import { resultMessages } from './messages/index.ts';
import { pagesOf } from './page-span.ts';
import classes from './result-page.module.css';

/** How a job ended: what was stopped or failed, what was kept, what was charged and returned, and what to do now. */
export function JobEnding({ job, novelId }: { readonly job: Job; readonly novelId: number }) {
  const t = useMessages(resultMessages);
  const state = stateOf(job);
  const isWhole = state === 'completed';
  return (
    <section className={classes['panel']} data-tone={JOB_TONES[state]}>
      <div className={classes['panelHead']} role="status">
        <StatusBadge tone={JOB_TONES[state]}>{t(`status_${state}`)}</StatusBadge>
        {job.finished_at !== null && (
          <span className={classes['note']}>
            <Time at={job.finished_at} />
          </span>
        )}
        {!isWhole && <Retry job={job} novelId={novelId} />}
      </div>
      <What job={job} />
      <Charge job={job} />
    </section>
  );
}

function What({ job }: { readonly job: Job }) {
  const t = useMessages(resultMessages);
  const teller = useTeller();
  const { chunk_results: chunks, total_chunks: total } = job;
  const kept = chunks.filter(({ status }) => status === 'done').length;
  if (job.status === 'cancelled') {
    return <p>{total === 0 ? t('stoppedBefore') : t('stoppedParts', { kept, count: total })}</p>;
  }
  if (job.status === 'failed' && kept === 0) {
    return (
      <p>
        {t('failedAll')}{' '}
        {job.error !== null && t('failedWhy', { message: teller.sentence(job.error) })}
      </p>
    );
  }
  const failed = job.failed_chunks.length;
  return (
    <>
      {failed > 0 && <p>{t('failedParts', { count: failed, total })}</p>}
      {job.gaps.length > 0 && (
        <ul className={classes['gaps']}>
          {job.gaps.map(({ index, ...why }) => {
            const message = teller.sentence(why);
            const pages = pagesOf(chunks[index]?.label);
            return (
              <li key={index}>
                {pages === undefined
                  ? t('gapPart', { part: index + 1, message })
                  : t('gapOn', { pages, message })}
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}

function Charge({ job }: { readonly job: Job }) {
  const t = useMessages(resultMessages);
  const formats = useFormats();
  const { data } = useReceipt(job);
  if (data === undefined) return null;
  const { credits } = data;
  if (credits === null) return <p className={classes['note']}>{t('noCredits')}</p>;
  const { settled, returned, held } = credits;
  if (settled === null || returned === null) return null;
  return (
    <p className={classes['note']}>
      {t('charged', {
        settled: formats.number(settled),
        returned: formats.number(returned),
        held: formats.number(held),
      })}
    </p>
  );
}

function Retry({ job, novelId }: { readonly job: Job; readonly novelId: number }) {
  const t = useMessages(resultMessages);
  const navigate = useNavigate();
  const [isAsked, setAsked] = useState(false);
  const label = t(job.status === 'cancelled' ? 'retryStopped' : 'retryFailed');
  return (
    <>
      <Button variant="default" className={classes['panelAction']} onClick={() => setAsked(true)}>
        {label}
      </Button>
      {isAsked && (
        <RetryDialog
          jobId={job.id}
          title={label}
          onStarted={(next) =>
            void navigate({
              to: '/novels/$novelId/jobs/$jobId',
              params: { novelId: String(novelId), jobId: String(next.id) },
            })
          }
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}
